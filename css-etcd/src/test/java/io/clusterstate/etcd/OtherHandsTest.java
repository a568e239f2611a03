package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.NotReadyException;
import io.clusterstate.Snapshot;
import io.clusterstate.StoreLink.State;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.DeleteOption;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A view keeps its promises although another program, another version or a lost disk changes its keys. */
@Execution(ExecutionMode.CONCURRENT)
class OtherHandsTest extends OnOwnEtcd {

    @Test
    @Promise({5, 8})
    void aStateThatIsEmptiedByAnotherHandIsKeptAndSaidSo() throws Exception {
        scene.write(20);
        scene.awaitEqual();

        try (Client client = client()) {
            client.getKVClient()
                    .delete(
                            key(scene.namespace()),
                            DeleteOption.builder().isPrefix(true).build())
                    .get();
        }

        await(() -> link().state() == State.STALE);
        assertEquals(7, scene.view().snapshot().tasks().count());
        String problem = scene.reader().problems().get(0);
        assertTrue(problem.contains("emptied by another hand"), problem);
        await(() -> scene.coordination().link().state() == State.STALE);
        StateStoreException refusal = assertThrows(
                StateStoreException.class, () -> scene.writer().apply(List.of(SampleChanges.event("late", 1))));
        assertTrue(refusal.getMessage().contains("emptied by another hand"), refusal.getMessage());
        assertEquals(0, scene.coordination().term(), "what is broken off concludes nothing");
        try (EtcdStateStore restarted = TestEtcd.leading(
                EtcdStateStore.of(Etcd.at(server.endpoint().toString()).namespace(scene.namespace())))) {
            assertEquals(0, restarted.snapshot().tasks().count(), "a process that is started anew takes what is there");
        }
    }

    @Test
    @Promise({1, 5})
    void anEtcdThatComesBackWithoutItsDataIsNotBelieved() throws Exception {
        scene.write(50);
        scene.awaitEqual();
        server.kill();
        server.deleteData();
        server.start();
        server.awaitUp();

        await(() -> scene.reader().problems().toString().contains("restored from a backup, or is another"));

        assertEquals(7, scene.view().snapshot().tasks().count());
        assertEquals(State.STALE, link().state());
    }

    /** A backup from before the first mirror, restored with a higher revision: the watch delivers nothing. */
    @Test
    @Promise({5, 6})
    void anEtcdThatComesBackWithoutItsDataAtAHigherRevisionIsNotBelieved() throws Exception {
        scene.write(20);
        scene.awaitEqual();
        long seen = scene.reader().replica().upTo();
        scene.proxy().refuse(true);
        server.kill();
        server.deleteData();
        server.start();
        server.awaitUp();
        try (Client client = client()) {
            for (long revision = 1; revision <= seen; revision++) {
                client.getKVClient().put(key("elsewhere"), key("elsewhere")).get();
            }
        }

        scene.proxy().refuse(false);

        await(() -> scene.reader().problems().toString().contains("emptied by another hand"));
        assertEquals(7, scene.view().snapshot().tasks().count());
        assertEquals(State.STALE, link().state());
    }

    @Test
    void aKeyThatSomebodyDeletesIsARemoval() throws Exception {
        scene.write(20);
        scene.awaitEqual();

        try (Client client = client()) {
            Keys keys = new Keys(scene.namespace());
            client.getKVClient()
                    .delete(keys.entity(
                            EntityKind.TASK,
                            Entities.clusterArn(SampleChanges.CLUSTER),
                            Entities.taskArn(SampleChanges.CLUSTER, "task1")))
                    .get();
        }

        await(() -> scene.view().snapshot().tasks().count() == 6);
        scene.awaitEqual();
        scene.writer().apply(List.of(SampleChanges.event("task1", 100)));
        await(() -> scene.view().snapshot().tasks().count() == 7);
    }

    @Test
    void aValueThatCannotBeReadStopsNothingAndWhatWasKnownStands() throws Exception {
        scene.write(20);
        scene.awaitEqual();
        Snapshot before = scene.view().snapshot();

        putByHand("task1", "{\"format\":1,\"kind\":\"task\"");
        putByHand("task2", "{\"format\":2,\"kind\":\"task\",\"whatever\":{}}");
        scene.write(1);

        await(() -> scene.reader().problems().stream().anyMatch(each -> each.contains(": 2 values cannot be read (")));
        assertEquals(version(before, "task1"), version(scene.view().snapshot(), "task1"));
        assertTrue(
                scene.writer()
                        .apply(List.of(SampleChanges.event("task1", 500)))
                        .get(0)
                        .outcome()
                        .hasEffect(),
                "what cannot be read is written over");
        assertFalse(
                scene.writer()
                        .apply(List.of(SampleChanges.event("task2", 500)))
                        .get(0)
                        .outcome()
                        .hasEffect(),
                "what a later version has written is not");
        await(() -> version(scene.view().snapshot(), "task1") == 500);
    }

    @Test
    @Promise({5, 13})
    void aReaderThatCannotReadWhatALaterVersionWroteIsNotReadyAndNamesTheFormat() throws Exception {
        scene.write(7);
        putByHand("task9", "{\"format\":2,\"kind\":\"task\",\"whatever\":{}}");
        try (EtcdStateReader early = EtcdStateReader.of(etcd());
                EtcdStateStore mirrors = EtcdStateStore.of(etcd())) {
            early.start();
            mirrors.coordination().orElseThrow().start();
            await(() -> early.follower().loads() > 0 && mirrors.follower().loads() > 0);

            NotReadyException refusal = assertThrows(NotReadyException.class, early.view()::snapshot);
            assertTrue(
                    refusal.getMessage().contains("values of a later format: 1 (expected: none above format 1)"),
                    refusal.getMessage());
            assertTrue(early.problems()
                    .toString()
                    .contains("values of a later format: 1 (expected: none above format 1)"));
            assertEquals(
                    State.LOADING, mirrors.coordination().orElseThrow().link().state());

            putByHand("task9", new String(ValueFormat.write(FormatOne.TASK_OF_AN_EVENT), StandardCharsets.UTF_8));
            scene.write(1);

            await(() -> early.view().isReady());
            await(() -> early.problems().isEmpty());
        }
    }

    private void putByHand(String id, String value) throws Exception {
        try (Client client = client()) {
            client.getKVClient()
                    .put(
                            new Keys(scene.namespace())
                                    .entity(
                                            EntityKind.TASK,
                                            Entities.clusterArn(SampleChanges.CLUSTER),
                                            Entities.taskArn(SampleChanges.CLUSTER, id)),
                            key(value))
                    .get();
        }
    }
}
