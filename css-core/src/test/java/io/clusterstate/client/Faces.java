package io.clusterstate.client;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import software.amazon.awssdk.services.ecs.EcsAsyncClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/** Turns a synchronous ECS client into an asynchronous one, and the reverse. */
final class Faces {

    private Faces() {}

    /** A client whose futures a thread of {@code calls} completes, and fails as the SDK's do. */
    static EcsAsyncClient async(EcsClient client, Executor calls) {
        return proxy(
                EcsAsyncClient.class,
                (method, arguments) -> method.getReturnType() == CompletableFuture.class
                        ? CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return call(client, EcsClient.class, method, arguments);
                                    } catch (Throwable e) {
                                        throw new CompletionException(e);
                                    }
                                },
                                calls)
                        : call(client, EcsClient.class, method, arguments));
    }

    /** A client that waits for each future, and throws why it failed. */
    static EcsClient joined(EcsAsyncClient client) {
        return proxy(EcsClient.class, (method, arguments) -> {
            var future = (CompletableFuture<?>) call(client, EcsAsyncClient.class, method, arguments);
            try {
                return future.join();
            } catch (CompletionException e) {
                throw e.getCause();
            }
        });
    }

    /** The body of a proxy's methods. */
    interface Body {
        Object call(Method method, Object[] arguments) throws Throwable;
    }

    static <C> C proxy(Class<C> type, Body body) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> body.call(method, arguments)));
    }

    private static Object call(Object client, Class<?> type, Method like, Object[] arguments) throws Throwable {
        if (like.getDeclaringClass() == Object.class) {
            return like.invoke(client, arguments);
        }
        try {
            return type.getMethod(like.getName(), like.getParameterTypes()).invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
