package io.clusterstate.client;

import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.services.ecs.model.EcsRequest;

/** The mark of a request that ECS has to answer. */
final class Bypass {

    static final ExecutionAttribute<Boolean> ATTRIBUTE = new ExecutionAttribute<>("io.clusterstate.bypass");

    private Bypass() {}

    static boolean isIn(EcsRequest request) {
        return request.overrideConfiguration()
                .map(each -> each.executionAttributes().getAttribute(ATTRIBUTE))
                .isPresent();
    }
}
