package io.clusterstate.etcd;

import io.clusterstate.spi.StateStoreException;
import io.etcd.jetcd.common.exception.CompactedException;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Set;

/** A call to etcd failed, or its outcome is unknown. */
final class EtcdFailure extends StateStoreException {

    private static final long serialVersionUID = 1;

    /** The codes of a broken connection or a broken client; every other code is an answer of etcd itself. */
    private static final Set<Code> OF_THE_CONNECTION =
            Set.of(Code.UNAVAILABLE, Code.UNAUTHENTICATED, Code.DEADLINE_EXCEEDED, Code.INTERNAL, Code.UNKNOWN);

    private final transient Throwable failure;

    EtcdFailure(String message, Throwable failure) {
        super(message, failure);
        this.failure = failure;
    }

    /** Whether etcd has compacted the requested revision. */
    boolean isCompacted() {
        return isCompacted(failure);
    }

    static boolean isCompacted(Throwable failure) {
        return failure instanceof CompactedException || says(failure, "required revision has been compacted");
    }

    /** Whether an answer was larger than this client accepts. */
    boolean isTooLarge() {
        return isTooLarge(failure);
    }

    static boolean isTooLarge(Throwable failure) {
        return codeOf(failure) == Code.RESOURCE_EXHAUSTED && says(failure, "exceeds maximum");
    }

    /** Whether the client or the connection may have caused the failure, and not an answer of etcd. */
    static boolean isOfTheConnection(Throwable failure) {
        return OF_THE_CONNECTION.contains(codeOf(failure));
    }

    /** The code of gRPC; jetcd throws it as it is for some calls, and within an exception of its own for others. */
    private static Code codeOf(Throwable failure) {
        return Status.fromThrowable(failure).getCode();
    }

    /** Whether the named lease has ended. */
    boolean isLeaseGone() {
        return says(failure, "requested lease not found");
    }

    /** The messages of a failure and its causes in one line; gRPC often names the reason only in a cause. */
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
