package io.clusterstate.examples.concurrency;

import static io.clusterstate.examples.concurrency.Samples.arn;
import static io.clusterstate.examples.concurrency.Samples.removal;
import static io.clusterstate.examples.concurrency.Samples.upsert;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.StateStore;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import software.amazon.awssdk.services.ecs.model.Task;

/** The operations on a store that Lincheck runs in several threads: writes of two tasks, and each way of reading them. */
@Param(name = "task", gen = IntGen.class, conf = "0:1")
@Param(name = "version", gen = IntGen.class, conf = "1:3")
public abstract class StoreOperations {

    private final StateStore store;

    StoreOperations(StateStore store) {
        this.store = store;
    }

    @Operation
    public String put(@Param(name = "task") int task, @Param(name = "version") int version) {
        return apply(upsert(task, version));
    }

    @Operation
    public String putBoth(@Param(name = "version") int version) {
        return apply(upsert(0, version), upsert(1, version));
    }

    @Operation
    public String remove(@Param(name = "task") int task, @Param(name = "version") int version) {
        return apply(removal(task, version));
    }

    /** Both tasks in one snapshot. */
    @Operation
    public String readBoth() {
        Snapshot snapshot = store.snapshot();
        return version(snapshot, 0) + " and " + version(snapshot, 1);
    }

    /** A task as {@code view.task(arn)} finds it, without a snapshot. */
    @Operation
    public long find(@Param(name = "task") int task) {
        return store.journal()
                .find(EntityKind.TASK, arn(task))
                .map(Task::version)
                .orElse(0L);
    }

    private String apply(Change<?>... changes) {
        return String.join(
                " and ",
                store.apply(List.of(changes)).stream()
                        .map(each -> each.outcome().toString())
                        .toList());
    }

    private static long version(Snapshot snapshot, int task) {
        return snapshot.observed(EntityKind.TASK, arn(task))
                .map(Observed::version)
                .orElse(0L);
    }
}
