package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.memory.FakeEcsNewTasks.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * RunTask and StartTask of a fake ECS.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsStarts {

    private static final int MOST = 10;

    private final FakeEcsState state;
    private final FakeEcsNames names;
    private final FakeEcsFaults faults;
    private final FakeEcsLife life;
    private final FakeEcsNewTasks newTasks;
    private final FakeEcsPlacement placement;
    private final FakeEcsTokens tokens;

    FakeEcsStarts(
            FakeEcsState state,
            FakeEcsNames names,
            FakeEcsFaults faults,
            FakeEcsLife life,
            FakeEcsDefinitions definitions) {
        this.state = state;
        this.names = names;
        this.faults = faults;
        this.life = life;
        this.newTasks = new FakeEcsNewTasks(definitions);
        this.placement = new FakeEcsPlacement(state, faults);
        this.tokens = new FakeEcsTokens(state);
    }

    RunTaskResponse run(RunTaskRequest request) {
        String cluster = state.cluster(request.cluster());
        int count = request.count() == null ? 1 : request.count();
        if (count < 1 || count > MOST) {
            throw FakeEcsErrors.invalid("count: " + count + " (expected: 1 to " + MOST + ")");
        }
        return tokens.once(cluster, request, () -> {
            Order order = newTasks.order(cluster, request);
            FakeEcsPlacement.requireKnown(order);
            return order.isOnFargate() ? onFargate(order, count) : onInstances(order, count);
        });
    }

    private RunTaskResponse onFargate(Order order, int count) {
        List<Task> started = new ArrayList<>();
        List<Failure> failures = faults.refusal()
                .map(reason -> List.of(Failure.builder().reason(reason).build()))
                .orElse(List.of());
        while (failures.isEmpty() && started.size() < count) {
            started.add(start(order, null));
        }
        return RunTaskResponse.builder().tasks(started).failures(failures).build();
    }

    private RunTaskResponse onInstances(Order order, int count) {
        List<Task> started = new ArrayList<>();
        List<Failure> failures = List.of();
        while (failures.isEmpty() && started.size() < count) {
            Optional<ContainerInstance> room = placement.place(order);
            if (room.isEmpty()) {
                failures = placement.refusals(order);
            } else {
                started.add(start(order, room.get()));
            }
        }
        return RunTaskResponse.builder().tasks(started).failures(failures).build();
    }

    StartTaskResponse startOn(StartTaskRequest request) {
        String cluster = state.cluster(request.cluster());
        FakeEcsNames.requireSome("Container instances", request.containerInstances(), MOST);
        Order order = newTasks.order(cluster, request);
        List<Task> started = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String name : request.containerInstances()) {
            Optional<ContainerInstance> instance = names.instance(cluster, name);
            String arn = FakeEcsNames.arnOf(EntityKind.INSTANCE, cluster, name);
            instance.map(each -> placement.refusal(each, order))
                    .orElse(Optional.of("MISSING"))
                    .ifPresentOrElse(
                            reason -> failures.add(FakeEcsErrors.failure(arn, reason)),
                            () -> started.add(start(order, instance.orElse(null))));
        }
        return StartTaskResponse.builder().tasks(started).failures(failures).build();
    }

    private Task start(Order order, @Nullable ContainerInstance instance) {
        return life.begin(newTasks.create(order, instance), order.needs());
    }
}
