package io.clusterstate.client;

import java.lang.reflect.Proxy;
import software.amazon.awssdk.services.ecs.EcsClient;

/** An ECS client that must not be called. */
final class Refusing {

    private Refusing() {}

    static EcsClient client() {
        return (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(), new Class<?>[] {EcsClient.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("a call of " + method.getName());
                });
    }
}
