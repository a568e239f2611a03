package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.SERVICE;
import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Entities.NOW;
import static io.clusterstate.testing.Entities.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Entities;
import io.etcd.jetcd.KeyValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** What etcd forgets by itself and what it does not, and what it is not given to keep. */
class LeasesTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final int LARGEST = 2048;

    private final String namespace = TestEtcd.newNamespace();
    private final Keys keys = new Keys(namespace);
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
    void onlyWhatEndedAndWhatIsGoneIsOnALease() throws Exception {
        apply(running("lives", 1), stopped("ended", 1), running("gone", 1));
        apply(removal("gone", 1));

        assertEquals(0, leaseOf("lives"));
        assertNotEquals(0, leaseOf("ended"));
        assertNotEquals(0, leaseOf("gone"));
    }

    @Test
    void whatIsWrittenAtOneTimeSharesItsLease() throws Exception {
        Set<Long> ended = new HashSet<>();
        Set<Long> tombstones = new HashSet<>();
        for (int batch = 0; batch < 10; batch++) {
            List<Change<?>> changes = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                changes.add(stopped("ended-" + batch + "-" + i, 1));
                changes.add(removal("gone-" + batch + "-" + i, 1));
            }
            store.apply(changes);
        }

        for (int batch = 0; batch < 10; batch++) {
            for (int i = 0; i < 10; i++) {
                ended.add(leaseOf("ended-" + batch + "-" + i));
                tombstones.add(leaseOf("gone-" + batch + "-" + i));
            }
        }
        assertEquals(1, ended.size());
        assertEquals(1, tombstones.size());
        assertNotEquals(ended, tombstones);
    }

    @Test
    void whatLivesAgainAfterItsEndLosesItsLease() throws Exception {
        apply(service("INACTIVE", NOW));
        long before = leaseOfService();
        apply(service("ACTIVE", NOW.plusSeconds(1)));

        assertNotEquals(0, before);
        assertEquals(0, leaseOfService());
    }

    @Test
    void whatComesAgainAfterItsRemovalLosesItsLease() throws Exception {
        apply(running("1", 1));
        apply(removal("1", 1));
        long before = leaseOf("1");
        apply(running("1", 2));

        assertNotEquals(0, before);
        assertEquals(0, leaseOf("1"));
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

    private long leaseOf(String id) throws Exception {
        return pair(TASK, Entities.taskArn(CLUSTER, id)).getLease();
    }

    private static Change<Task> running(String id, long version) {
        return upsert(TASK, CLUSTER, Entities.task(CLUSTER, id, version));
    }

    private static Change<Task> stopped(String id, long version) {
        return upsert(TASK, CLUSTER, Entities.task(CLUSTER, id, changes -> changes.version(version)
                .lastStatus("STOPPED")
                .stoppedAt(NOW)));
    }

    private static Change<Task> large(String id, long version) {
        return upsert(TASK, CLUSTER, Entities.task(CLUSTER, id, changes -> changes.version(version)
                .group("g".repeat(LARGEST))));
    }

    private static Change<Task> removal(String id, long version) {
        return new Removal<>(TASK, Entities.taskArn(CLUSTER, id), CLUSTER, version, NOW, Removal.Reason.MISSING);
    }

    /** Services have no version: the later answer of the API counts. */
    private static Change<Service> service(String status, Instant at) {
        Service service = Entities.service(CLUSTER, "web", changes -> changes.status(status));
        return new Upsert<>(Observed.of(SERVICE, CLUSTER, service, Origin.DESCRIBE, at));
    }

    private long leaseOfService() throws Exception {
        return pair(SERVICE, Entities.serviceArn(CLUSTER, "web")).getLease();
    }

    private long revisionOf(String id) throws Exception {
        return pair(TASK, Entities.taskArn(CLUSTER, id)).getModRevision();
    }

    private KeyValue pair(EntityKind<?> kind, String arn) throws Exception {
        return TestEtcd.client()
                .getKVClient()
                .get(keys.entity(kind, CLUSTER, arn))
                .get(10, TimeUnit.SECONDS)
                .getKvs()
                .get(0);
    }
}
