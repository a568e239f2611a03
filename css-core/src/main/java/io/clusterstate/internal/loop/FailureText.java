package io.clusterstate.internal.loop;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What a failure says to people: of an AWS service's, the error code above all, which its own text leaves out. */
public final class FailureText {

    private FailureText() {}

    /**
     * The text of a failure.
     *
     * @param failure anything thrown
     * @return one line
     */
    public static String of(Throwable failure) {
        String code = errorCode(failure);
        if (code != null) {
            return code + ": " + failure.getMessage();
        }
        if (failure instanceof LinkageError) {
            return failure + " (expected: a class path whose libraries fit together and are new enough)";
        }
        String message = failure.getMessage();
        boolean isOurs = failure instanceof IllegalStateException; // its message says it all
        return isOurs && message != null ? message : failure.toString();
    }

    private static @Nullable String errorCode(Throwable failure) {
        try {
            return failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null
                    ? answer.awsErrorDetails().errorCode()
                    : null;
        } catch (LinkageError e) {
            return null; // a process that only reads need not have the classes of AWS's answers
        }
    }
}
