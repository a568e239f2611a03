package io.clusterstate.client;

import java.lang.reflect.Method;
import software.amazon.awssdk.core.pagination.sync.SdkIterable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.EcsResponse;
import software.amazon.awssdk.services.ecs.waiters.EcsWaiter;

/** The methods of a {@link ViewEcsClient}: an operation returns its response. */
final class SyncClientHandler extends ViewClientHandler {

    private final WriteNotes writes;

    SyncClientHandler(EcsClient delegate, ViewAnswers answers, WriteNotes writes) {
        super(delegate, answers, EcsResponse.class, SdkIterable.class);
        this.writes = writes;
    }

    @Override
    Object local(EcsRequest request, EcsResponse response) {
        return response;
    }

    @Override
    Object write(Method method, String operation, EcsRequest request) throws Throwable {
        Object response;
        try {
            response = forward(method, request);
        } catch (Throwable e) {
            writes.failed(operation, request, e);
            throw e;
        }
        writes.answered(operation, request, (EcsResponse) response);
        return response;
    }

    @Override
    Object waiter(Object client) {
        return EcsWaiter.builder().client((EcsClient) client).build();
    }
}
