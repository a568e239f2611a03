package io.clusterstate.etcd;

import io.clusterstate.spi.StateStoreException;
import io.etcd.jetcd.common.exception.CompactedException;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Set;

/** A call to etcd failed, or nobody can say whether it did. */
final class EtcdFailure extends StateStoreException {

    private static final long serialVersionUID = 1;

    /**
     * What is said of a way to etcd that is broken, or of a client that has gone wrong; all else is etcd's own answer.
     */
    private static final Set<Code> OF_THE_CONNECTION =
            Set.of(Code.UNAVAILABLE, Code.UNAUTHENTICATED, Code.DEADLINE_EXCEEDED, Code.INTERNAL, Code.UNKNOWN);

    private final transient Throwable failure;

    EtcdFailure(String message, Throwable failure) {
        super(message, failure);
        this.failure = failure;
    }

    /** Whether the revision that was asked for is not kept any more. */
    boolean isCompacted() {
        return isCompacted(failure);
    }

    static boolean isCompacted(Throwable failure) {
        return failure instanceof CompactedException || says(failure, "required revision has been compacted");
    }

    /** Whether an answer was larger than this client takes. */
    boolean isTooLarge() {
        return isTooLarge(failure);
    }

    static boolean isTooLarge(Throwable failure) {
        return codeOf(failure) == Code.RESOURCE_EXHAUSTED && says(failure, "exceeds maximum");
    }

    /** Whether it may be the fault of the client or of the way to etcd, and not what etcd has answered. */
    static boolean isOfTheConnection(Throwable failure) {
        return OF_THE_CONNECTION.contains(codeOf(failure));
    }

    /** gRPC's code, which jetcd passes on as it is for some calls, and in an exception of its own for others. */
    private static Code codeOf(Throwable failure) {
        return Status.fromThrowable(failure).getCode();
    }

    /** Whether the lease that was named has ended. */
    boolean isLeaseGone() {
        return says(failure, "requested lease not found");
    }

    /** Why, in words: gRPC often says no more than that something failed, and only its causes say what. */
    static String reasonOf(Throwable failure) {
        StringBuilder reason = new StringBuilder(firstLineOf(failure));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String line = firstLineOf(cause);
            if (reason.indexOf(line) < 0) {
                reason.append(": ").append(line);
            }
        }
        return reason.toString();
    }

    private static String firstLineOf(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return message.lines().findFirst().orElse("");
    }

    private static boolean says(Throwable failure, String words) {
        return failure.getMessage() != null && failure.getMessage().contains(words);
    }
}
