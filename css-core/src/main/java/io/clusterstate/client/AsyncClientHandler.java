package io.clusterstate.client;

import io.clusterstate.internal.loop.Environment;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.ecs.EcsAsyncClient;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.EcsResponse;
import software.amazon.awssdk.services.ecs.waiters.EcsAsyncWaiter;

/** The methods of a {@link ViewEcsAsyncClient}: an operation returns a future of its response. */
final class AsyncClientHandler extends ViewClientHandler {

    private final WriteNotes writes;
    private final ScheduledExecutorService polls = polls();

    AsyncClientHandler(EcsAsyncClient delegate, ViewAnswers answers, WriteNotes writes) {
        super(delegate, answers, CompletableFuture.class, SdkPublisher.class);
        this.writes = writes;
    }

    @Override
    Object operation(Method method, EcsRequest request) throws Throwable {
        try {
            return super.operation(method, request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(new CompletionException(e)); // as the SDK's futures fail
        }
    }

    /**
     * A complete future, but for the later pages of a list. The SDK's publishers ask for a page in the callback of the
     * page before, so that a thousand complete futures would overflow the stack.
     */
    @Override
    Object local(EcsRequest request, EcsResponse response) {
        boolean isLaterPage =
                request.getValueForField("nextToken", String.class).isPresent();
        return isLaterPage
                ? CompletableFuture.supplyAsync(() -> response)
                : CompletableFuture.completedFuture(response);
    }

    @Override
    Object write(Method method, String operation, EcsRequest request) throws Throwable {
        return new NotedWrite<>(sent(method, request), (response, failure) -> {
            if (failure == null) {
                writes.answered(operation, request, (EcsResponse) response);
            } else {
                writes.failed(operation, request, causeOf(failure));
            }
        });
    }

    private CompletableFuture<?> sent(Method method, EcsRequest request) throws Throwable {
        try {
            return (CompletableFuture<?>) forward(method, request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(new CompletionException(e));
        }
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    Object waiter(Object client) {
        return EcsAsyncWaiter.builder()
                .client((EcsAsyncClient) client)
                .scheduledExecutorService(polls)
                .build();
    }

    /** Times the polls of all waiters. Its thread ends when no waiter waits, so that there is nothing to close. */
    private static ScheduledExecutorService polls() {
        var polls = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = Environment.daemon(work);
            thread.setName("css-client-waiter");
            return thread;
        });
        polls.setKeepAliveTime(10, TimeUnit.SECONDS);
        polls.allowCoreThreadTimeOut(true);
        return polls;
    }
}
