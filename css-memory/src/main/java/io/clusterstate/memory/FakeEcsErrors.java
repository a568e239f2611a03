package io.clusterstate.memory;

import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

/**
 * The errors with which a fake ECS refuses a call. Source: the ECS API reference, "Common errors" and the errors of
 * each operation; the words are those that users of ECS quote in public.
 */
final class FakeEcsErrors {

    private static final int BAD_REQUEST = 400;

    private FakeEcsErrors() {}

    static EcsException clusterNotFound() {
        return as("ClusterNotFoundException", "Cluster not found.", ClusterNotFoundException.builder());
    }

    static EcsException serviceNotFound() {
        return as("ServiceNotFoundException", "Service not found.", ServiceNotFoundException.builder());
    }

    static EcsException serviceNotActive() {
        return as("ServiceNotActiveException", "Service was not ACTIVE.", ServiceNotActiveException.builder());
    }

    static EcsException invalid(String message) {
        return as("InvalidParameterException", message, InvalidParameterException.builder());
    }

    static EcsException client(String message) {
        return as("ClientException", message, ClientException.builder());
    }

    /** The client token of a different request is used again. */
    static EcsException conflict(List<String> taskArns) {
        return as(
                "ConflictException",
                "The provided clientToken is already in use with a different RunTask request.",
                ConflictException.builder().resourceIds(taskArns));
    }

    /** The failure that a caller sees whose answer does not arrive: the outcome of the call is unknown. */
    static SdkClientException timeout(String operation) {
        return ApiCallTimeoutException.builder()
                .message(operation + ": no answer (expected: the answer of ECS, which the test has lost)")
                .build();
    }

    static Failure failure(String arn, String reason) {
        return Failure.builder().arn(arn).reason(reason).build();
    }

    private static EcsException as(String code, String message, EcsException.Builder error) {
        AwsErrorDetails details = AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(message)
                .serviceName("Ecs")
                .build();
        return (EcsException) error.awsErrorDetails(details)
                .message(message)
                .statusCode(BAD_REQUEST)
                .build();
    }
}
