package io.clusterstate.memory;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsRequest;

/**
 * Makes the client of a fake ECS, by a proxy, so that it fits every version of the SDK. An operation that the fake
 * lacks fails by name. Paginators and the variants with a lambda lead to the operation itself.
 *
 * <p>Thread: safe for any thread.
 */
final class FakeEcsClient implements InvocationHandler {

    /** Answers the call of an operation by its name, as {@code RunTask}. */
    interface Calls {

        Object answer(String operation, EcsRequest request);

        Set<String> operations();
    }

    private final Calls calls;

    private FakeEcsClient(Calls calls) {
        this.calls = calls;
    }

    static EcsClient of(Calls calls) {
        return (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(), new Class<?>[] {EcsClient.class}, new FakeEcsClient(calls));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (arguments != null && arguments.length == 1 && arguments[0] instanceof EcsRequest request) {
            String operation = nameOf(method);
            if (calls.operations().contains(operation)) {
                return calls.answer(operation, request);
            }
            if (!operation.endsWith("Paginator")) {
                throw unsupported(operation);
            }
        }
        return switch (method.getName()) {
            case "close" -> null;
            case "serviceName" -> EcsClient.SERVICE_NAME;
            case "toString" -> "client of a fake ECS";
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            case "waiter", "serviceClientConfiguration" -> throw unsupported(method.getName());
            default -> byDefault(proxy, method, arguments);
        };
    }

    private static @Nullable Object byDefault(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static String nameOf(Method method) {
        String name = method.getName();
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private UnsupportedOperationException unsupported(String operation) {
        return new UnsupportedOperationException(
                "operation: " + operation + " (expected: one of " + calls.operations() + ")");
    }
}
