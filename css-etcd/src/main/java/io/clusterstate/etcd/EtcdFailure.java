package io.clusterstate.etcd;

import io.clusterstate.spi.StateStoreException;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Set;

/** A call to etcd failed, or its outcome is unknown. */
final class EtcdFailure extends StateStoreException {

    private static final long serialVersionUID = 1;

    /** The kinds of failures that somebody treats in a way of its own. */
    enum Kind {
        /** etcd has compacted the requested revision. */
        COMPACTED,
        /** etcd has not reached the requested revision. */
        FUTURE,
        /** The answer was larger than this client accepts. */
        TOO_LARGE,
        /** The named lease has ended. */
        LEASE_GONE,
        /** The client or the connection may have caused the failure, and not an answer of etcd. */
        CONNECTION,
        /** Any other answer of etcd. */
        REFUSAL
    }

    /** The codes of a broken connection or a broken client; every other code is an answer of etcd itself. */
    private static final Set<Code> OF_THE_CONNECTION =
            Set.of(Code.UNAVAILABLE, Code.UNAUTHENTICATED, Code.DEADLINE_EXCEEDED, Code.INTERNAL, Code.UNKNOWN);

    private final Kind kind;

    EtcdFailure(String message, Throwable failure) {
        super(message, failure);
        this.kind = kindOf(failure);
    }

    Kind kind() {
        return kind;
    }

    /** The kind of a failure that jetcd reports. */
    static Kind kindOf(Throwable failure) {
        Code code = codeOf(failure);
        if (failure instanceof CompactedException || says(failure, "required revision has been compacted")) {
            return Kind.COMPACTED;
        }
        if (says(failure, "required revision is a future revision")) {
            return Kind.FUTURE;
        }
        if (code == Code.RESOURCE_EXHAUSTED && says(failure, "exceeds maximum")) {
            return Kind.TOO_LARGE;
        }
        if (says(failure, "requested lease not found")) {
            return Kind.LEASE_GONE;
        }
        return OF_THE_CONNECTION.contains(code) ? Kind.CONNECTION : Kind.REFUSAL;
    }

    /** gRPC's code. For some calls jetcd throws gRPC's exception, and for others its own, which has no cause. */
    private static Code codeOf(Throwable failure) {
        return failure instanceof EtcdException own
                ? Code.valueOf(own.getErrorCode().name())
                : Status.fromThrowable(failure).getCode();
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
