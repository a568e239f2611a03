package io.clusterstate.client;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.pagination.sync.SdkIterable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.EcsResponse;
import software.amazon.awssdk.services.ecs.waiters.EcsWaiter;

/**
 * The methods of a {@link ViewEcsClient}. It serves operations by reflection, so that those of every SDK in range reach
 * the delegate, also those that this library was not compiled with. The SDK's own default methods, such as paginators
 * and the methods with a request's builder, run on the client and so come back as operations.
 */
final class ViewClientHandler implements InvocationHandler {

    private final EcsClient delegate;
    private final ViewAnswers answers;
    private final WriteNotes writes;
    private final Tally tally = new Tally();

    ViewClientHandler(EcsClient delegate, ViewAnswers answers, WriteNotes writes) {
        this.delegate = delegate;
        this.answers = answers;
        this.writes = writes;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (EcsResponse.class.isAssignableFrom(method.getReturnType())
                && arguments != null
                && arguments[0] instanceof EcsRequest request) {
            return operation(method, request);
        }
        return switch (method.getName()) {
            case "counts" -> tally.counts();
            case "delegate" -> delegate;
            case "close" -> null;
            case "waiter" -> EcsWaiter.builder().client((EcsClient) proxy).build();
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "ViewEcsClient over " + delegate;
            default ->
                isComposed(method)
                        ? InvocationHandler.invokeDefault(proxy, method, arguments)
                        : forward(method, arguments);
        };
    }

    /** Whether the SDK composes a method of operations: it makes a request, or pages. */
    private static boolean isComposed(Method method) {
        return method.isDefault()
                && (EcsResponse.class.isAssignableFrom(method.getReturnType())
                        || SdkIterable.class.isAssignableFrom(method.getReturnType()));
    }

    private Object operation(Method method, EcsRequest request) throws Throwable {
        String operation = nameOf(method);
        Answer answer = answers.answer(request);
        if (answer instanceof Answer.Local local) {
            tally.countLocal(operation);
            return local.response();
        }
        DelegationReason reason = ((Answer.Delegated) answer).reason();
        tally.countDelegated(operation, reason);
        return reason == DelegationReason.OPERATION ? write(method, operation, request) : forward(method, request);
    }

    /** An operation that may be a write. */
    private Object write(Method method, String operation, EcsRequest request) throws Throwable {
        Object response;
        try {
            response = forward(method, request);
        } catch (AwsServiceException e) {
            if (e.statusCode() >= 500) {
                writes.lost(operation, request);
            }
            throw e;
        } catch (Throwable e) {
            writes.lost(operation, request);
            throw e;
        }
        writes.answered(operation, request, (EcsResponse) response);
        return response;
    }

    private Object forward(Method method, @Nullable Object @Nullable ... arguments) throws Throwable {
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
