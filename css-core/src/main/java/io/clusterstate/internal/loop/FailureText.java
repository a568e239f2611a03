package io.clusterstate.internal.loop;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * The text of a failure for people. For an AWS service it starts with the error code, which the exception's own message
 * lacks.
 */
public final class FailureText {

    private FailureText() {}

    /**
     * The text of a failure.
     *
     * @param failure any throwable
     * @return one line
     */
    public static String of(Throwable failure) {
        String code = errorCode(failure);
        if (code != null) {
            return code + ": " + failure.getMessage();
        }
        if (failure instanceof LinkageError) {
            return failure + " (expected: a class path of compatible and recent libraries)";
        }
        String message = failure.getMessage();
        boolean isOurs = failure instanceof IllegalStateException; // our messages are complete
        return isOurs && message != null ? message : failure.toString();
    }

    private static @Nullable String errorCode(Throwable failure) {
        try {
            return failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null
                    ? answer.awsErrorDetails().errorCode()
                    : null;
        } catch (LinkageError e) {
            return null; // a read-only process may lack the AWS SDK's exception classes
        }
    }
}
