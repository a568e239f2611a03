package io.clusterstate.benchmarks;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.infra.Blackhole;
import software.amazon.awssdk.services.ecs.model.Task;

/** A store of running tasks, with changes that are made before they are measured. */
final class ChangingStore {

    /** The number of changes that each step prepares. */
    static final int CHANGES = 500;

    private final int tasks;
    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
    private final Random random = new Random(1);
    private final MemoryStateStore store =
            new MemoryStateStore(Duration.ofHours(1), Duration.ZERO, InstantSource.system());
    private int next = 10_000_000;

    ChangingStore(int tasks) {
        this.tasks = tasks;
        SampleChanges.apply(store, tasks, i -> samples.upsert(i, TaskStatus.RUNNING));
    }

    /** Changes of status of tasks of the store. Each gives its task another status than the one before. */
    List<List<Upsert<?>>> statusChanges() {
        List<List<Upsert<?>>> changes = new ArrayList<>(CHANGES);
        for (int number : random.ints(0, tasks).distinct().limit(CHANGES).toArray()) {
            Observed<Task> known = store.snapshot()
                    .observed(EntityKind.TASK, samples.arn(number))
                    .orElseThrow();
            String status = "RUNNING".equals(known.value().lastStatus()) ? "PENDING" : "RUNNING";
            Task changed = known.value().toBuilder()
                    .lastStatus(status)
                    .version(known.version() + 1)
                    .build();
            changes.add(List.of(
                    Upsert.of(EntityKind.TASK, known.clusterArn(), changed, known.origin(), SampleChanges.RECEIVED)));
        }
        return changes;
    }

    /** Tasks that the store does not have. */
    List<List<Upsert<?>>> newTasks() {
        List<List<Upsert<?>>> changes = new ArrayList<>(CHANGES);
        for (int i = 0; i < CHANGES; i++) {
            changes.add(List.of(SampleChanges.of(samples.event(next++, TaskStatus.PROVISIONING))));
        }
        return changes;
    }

    /** Applies each change on its own. */
    void apply(List<List<Upsert<?>>> changes, Blackhole sink) {
        for (List<Upsert<?>> change : changes) {
            sink.consume(store.apply(change));
        }
    }

    /** Removes new tasks again. */
    void takeBack(List<List<Upsert<?>>> changes) {
        List<Removal<?>> removals = new ArrayList<>();
        for (List<Upsert<?>> change : changes) {
            removals.add(Removal.of(change.get(0).observed(), SampleChanges.RECEIVED, Removal.Reason.MISSING));
        }
        store.apply(removals);
        store.expire();
    }
}
