package io.clusterstate.client;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.EcsResponse;

/**
 * The methods of a client over a view. It serves operations by reflection, so that those of every SDK in range reach
 * the delegate, also those that this library was not compiled with. The SDK's own default methods, such as paginators
 * and the methods with a request's builder, run on the client and so come back as operations.
 */
abstract class ViewClientHandler implements InvocationHandler {

    private final Object delegate;
    private final ViewAnswers answers;
    private final Class<?> result;
    private final Class<?> pages;
    private final Tally tally = new Tally();

    /**
     * Serves a kind of clients.
     *
     * @param result the type that operations return
     * @param pages the type that paginators return
     */
    ViewClientHandler(Object delegate, ViewAnswers answers, Class<?> result, Class<?> pages) {
        this.delegate = delegate;
        this.answers = answers;
        this.result = result;
        this.pages = pages;
    }

    /** The view's response, as an operation returns it. */
    abstract Object local(EcsRequest request, EcsResponse response);

    /** Passes on an operation that may be a write, and notes its outcome. */
    abstract Object write(Method method, String operation, EcsRequest request) throws Throwable;

    /** The SDK's waiter on a client. */
    abstract Object waiter(Object client);

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (result.isAssignableFrom(method.getReturnType())
                && arguments != null
                && arguments[0] instanceof EcsRequest request) {
            return operation(method, request);
        }
        return switch (method.getName()) {
            case "counts" -> tally.counts();
            case "delegate" -> delegate;
            case "close" -> null;
            case "waiter" -> waiter(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> proxy.getClass().getInterfaces()[0].getSimpleName() + " over " + delegate;
            default ->
                isComposed(method)
                        ? InvocationHandler.invokeDefault(proxy, method, arguments)
                        : forward(method, arguments);
        };
    }

    /** Whether the SDK composes a method of operations: it makes a request, or pages. */
    private boolean isComposed(Method method) {
        return method.isDefault()
                && (result.isAssignableFrom(method.getReturnType()) || pages.isAssignableFrom(method.getReturnType()));
    }

    Object operation(Method method, EcsRequest request) throws Throwable {
        String operation = nameOf(method);
        Answer answer = answers.answer(request);
        if (answer instanceof Answer.Local local) {
            tally.countLocal(operation);
            return local(request, local.response());
        }
        DelegationReason reason = ((Answer.Delegated) answer).reason();
        tally.countDelegated(operation, reason);
        return reason == DelegationReason.OPERATION ? write(method, operation, request) : forward(method, request);
    }

    final Object forward(Method method, @Nullable Object @Nullable ... arguments) throws Throwable {
        try {
            return method.invoke(delegate, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** ECS's name of an operation, such as {@code ListTasks} for {@code listTasks}. */
    private static String nameOf(Method method) {
        String name = method.getName();
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
