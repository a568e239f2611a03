package io.clusterstate;

import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.task;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.testing.Entities;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangeFilterTest {

    private final List<String> reads = new ArrayList<>();
    private final Snapshot full = SnapshotEditor.of(SnapshotEditor.empty())
            .put(observed(EntityKind.TASK, task("prod", "old")).at(1))
            .put(observed(EntityKind.TASK, task("prod", "new")).at(3))
            .put(Entities.observed(EntityKind.TASK, "test", task("test", "foreign"))
                    .at(3))
            .put(observed(EntityKind.SERVICE, service("prod", "web")).at(3))
            .toSnapshot(4);
    private final Snapshot snapshot = (Snapshot) Proxy.newProxyInstance(
            Snapshot.class.getClassLoader(), new Class<?>[] {Snapshot.class}, (proxy, method, arguments) -> {
                reads.add(method.getName());
                return method.invoke(full, arguments);
            });

    /** A difference from nothing would cost as much as there are entities. */
    @Test
    void theFirstBatchOfANarrowListenerIsAQueryAndNoWalk() {
        ChangeFilter filter = ChangeFilter.NONE
                .with(EntityKind.TASK, all -> all.tasks().in("prod"))
                .only(Set.of(EntityKind.TASK));

        ChangeBatch batch = filter.initial(snapshot);

        assertEquals(List.of("tasks"), reads);
        assertEquals(
                List.of(Entities.taskArn("prod", "old"), Entities.taskArn("prod", "new")),
                batch.changes().stream().map(EntityChange::arn).toList());
    }

    @Test
    void theFirstBatchReadsNoOtherKind() {
        ChangeBatch batch = ChangeFilter.NONE.only(Set.of(EntityKind.SERVICE)).initial(snapshot);

        assertEquals(List.of("query"), reads);
        assertEquals(
                List.of(Entities.serviceArn("prod", "web")),
                batch.changes().stream().map(EntityChange::arn).toList());
    }

    /** The order of changes is that of revisions, and within one what others refer to comes first. */
    @Test
    void theFirstBatchEqualsTheFilteredDifferenceFromNothing() {
        ChangeFilter filter = ChangeFilter.NONE.with(
                EntityKind.TASK, all -> all.tasks().in("prod").group("service:web"));
        ChangeBatch expected = filter.apply(full.since(SnapshotEditor.empty()).as(ChangeBatch.Type.INITIAL));

        ChangeBatch batch = filter.initial(full);

        assertEquals(expected, batch);
        assertEquals(3, batch.changes().size());
    }

    private static <T> Observed<T> observed(EntityKind<T> kind, T value) {
        return Entities.observed(kind, "prod", value);
    }
}
