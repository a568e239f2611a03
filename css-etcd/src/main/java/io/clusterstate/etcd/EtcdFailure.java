package io.clusterstate.etcd;

import io.clusterstate.spi.StateStoreException;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;

/** A call to etcd failed, or nobody can say whether it did. */
final class EtcdFailure extends StateStoreException {

    private static final long serialVersionUID = 1;

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
        return failure instanceof EtcdException etcd && etcd.getErrorCode() == ErrorCode.RESOURCE_EXHAUSTED;
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
