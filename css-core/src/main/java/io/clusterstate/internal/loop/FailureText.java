package io.clusterstate.internal.loop;

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
        if (failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null) {
            return answer.awsErrorDetails().errorCode() + ": " + answer.getMessage();
        }
        String message = failure.getMessage();
        boolean isOurs = failure instanceof IllegalStateException; // its message says it all
        return isOurs && message != null ? message : failure.toString();
    }
}
