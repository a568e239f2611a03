package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Entities.NOW;
import static io.clusterstate.testing.Entities.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.testing.Entities;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Entities that are too large for the store. */
class RefusalTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final int LARGEST = 2048;

    private final String namespace = TestEtcd.newNamespace();
    private final EtcdStateStore store = TestEtcd.leading(
            EtcdStateStore.builder(Etcd.through(TestEtcd.client()).namespace(namespace))
                    .clock(() -> NOW)
                    .largestValue(LARGEST)
                    .build());

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void whatIsTooLargeIsRefusedAndTheRestOfItsBatchIsNot() throws Exception {
        apply(running("1", 1));
        long revision = revisionOf("1");

        List<Applied> applied = apply(running("0", 1), large("1", 2), large("2", 1), running("3", 1));

        assertEquals(
                List.of(Outcome.ADDED, Outcome.REFUSED, Outcome.REFUSED, Outcome.ADDED),
                applied.stream().map(Applied::outcome).toList());
        assertEquals(revision, revisionOf("1"));
        assertEquals(1, shown("1").version());
        assertEquals(
                List.of(1L, 1L, 1L),
                store.snapshot().tasks().stream().map(Task::version).toList());
    }

    @Test
    void whatWasTooLargeIsTakenInOnceItIsSmaller() {
        assertEquals(Outcome.REFUSED, apply(large("1", 1)).get(0).outcome());

        assertEquals(Outcome.ADDED, apply(running("1", 2)).get(0).outcome());
    }

    private List<Applied> apply(Change<?>... changes) {
        return store.apply(List.of(changes));
    }

    private Task shown(String id) {
        return store.snapshot().task(Entities.taskArn(CLUSTER, id)).orElseThrow();
    }

    private static Change<Task> running(String id, long version) {
        return upsert(TASK, CLUSTER, Entities.task(CLUSTER, id, version));
    }

    private static Change<Task> large(String id, long version) {
        return upsert(TASK, CLUSTER, Entities.task(CLUSTER, id, changes -> changes.version(version)
                .group("g".repeat(LARGEST))));
    }

    private long revisionOf(String id) throws Exception {
        return TestEtcd.client()
                .getKVClient()
                .get(new Keys(namespace).entity(TASK, CLUSTER, Entities.taskArn(CLUSTER, id)))
                .get(60, TimeUnit.SECONDS)
                .getKvs()
                .get(0)
                .getModRevision();
    }
}
