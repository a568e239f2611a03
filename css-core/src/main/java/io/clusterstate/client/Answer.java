package io.clusterstate.client;

import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.ecs.model.EcsResponse;

/** The view's answer to a request: a response, or the reason why ECS has to answer. */
sealed interface Answer {

    record Local(EcsResponse response) implements Answer {}

    record Delegated(DelegationReason reason) implements Answer {}

    static Answer delegated(DelegationReason reason) {
        return new Delegated(reason);
    }

    /** A response with the HTTP status that callers look for. It has no request id. */
    static Answer of(EcsResponse.Builder response) {
        response.sdkHttpResponse(SdkHttpResponse.builder().statusCode(200).build());
        return new Local(response.build());
    }
}
