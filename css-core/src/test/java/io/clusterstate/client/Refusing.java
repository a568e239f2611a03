package io.clusterstate.client;

import java.lang.reflect.Proxy;
import software.amazon.awssdk.services.ecs.EcsClient;

/** An ECS client that must not be called. */
final class Refusing {

    private Refusing() {}

    static EcsClient client() {
        return client(EcsClient.class);
    }

    static <C> C client(Class<C> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw new AssertionError("a call of " + method.getName());
                }));
    }
}
