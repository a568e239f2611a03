package io.clusterstate.memory;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
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

    private final Set<String> operations;
    private final BiFunction<String, EcsRequest, Object> answers;

    private FakeEcsClient(Set<String> operations, BiFunction<String, EcsRequest, Object> answers) {
        this.operations = operations;
        this.answers = answers;
    }

    /** A client with the named operations, as {@code RunTask}, that answers each call by its operation. */
    static EcsClient of(Set<String> operations, BiFunction<String, EcsRequest, Object> answers) {
        return (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(),
                new Class<?>[] {EcsClient.class},
                new FakeEcsClient(operations, answers));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (arguments != null && arguments.length == 1 && arguments[0] instanceof EcsRequest request) {
            String operation = nameOf(method);
            if (operations.contains(operation)) {
                return answers.apply(operation, request);
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
        return new UnsupportedOperationException("operation: " + operation + " (expected: one of " + operations + ")");
    }
}
