package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.LoopStatus;
import io.clusterstate.NotReadyException;
import io.clusterstate.RevisionOutOfRangeException;
import io.clusterstate.Snapshot;
import io.clusterstate.etcdserver.TcpProxy;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.RecordingThreadFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A store and a reader from their start to their close. */
@Execution(ExecutionMode.CONCURRENT)
class LifeCycleTest extends OnOwnEtcd {

    private static final Duration BRIEF = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    @Promise(11)
    void aCloseThatIsInterruptedWhileEtcdHangsLeavesNoThreadEither() throws Exception {
        RecordingThreadFactory threads = new RecordingThreadFactory();
        EtcdStateStore store = TestEtcd.following(
                EtcdStateStore.builder(etcd()).threads(threads).build());
        assertFalse(threads.living().isEmpty());
        server.pause();
        Thread.currentThread().interrupt();
        store.close();
        assertTrue(Thread.interrupted(), "the interrupt is left to the host");
        server.resume();

        await(() -> threads.living().isEmpty());
    }

    @Test
    @Promise(5)
    void aReaderIsNotReadyBeforeSomeMirrorHasLoadedOnce() throws Exception {
        String namespace = TestEtcd.newNamespace();
        Etcd etcd = Etcd.at(server.endpoint().toString()).namespace(namespace);
        try (EtcdStateReader early = EtcdStateReader.of(etcd);
                EtcdStateStore store = EtcdStateStore.of(etcd)) {
            assertThrows(NotReadyException.class, early.view()::snapshot);
            early.start();
            TestEtcd.leading(store).apply(List.of(SampleChanges.event(1)));
            await(() -> early.view().freshness().link().isLive());
            NotReadyException refusal = assertThrows(NotReadyException.class, early.view()::snapshot);
            assertTrue(refusal.getMessage().contains("a mirror that completes the first load"), refusal.getMessage());

            Coordination coordination = store.coordination().orElseThrow();
            coordination.confirm(new Confirmation(true, Optional.empty(), Map.of()), coordination.term());

            early.view().awaitReady(LIMIT);
            assertEquals(1, early.view().snapshot().tasks().count());
        }
    }

    @Test
    @Promise(9)
    void aSubscriberResumesInAnotherProcessFromTheRevisionAtWhichThatOneBegan() {
        scene.write(30);
        scene.awaitEqual();
        try (EtcdStateReader next = EtcdStateReader.of(etcd())) {
            next.start();
            await(() -> next.view().isReady() && next.view().freshness().link().isLive());
            Snapshot known = scene.view().snapshot();
            List<String> told = new CopyOnWriteArrayList<>();
            ChangeListener listener = ChangeListener.builder()
                    .onBatch(batch -> batch.changes().forEach(change -> told.add(change.arn())))
                    .build();

            next.view().subscribe(listener, known.revision());
            scene.write(30);
            scene.remove("task3");

            await(() -> told.size() == 31);
            RevisionOutOfRangeException refusal = assertThrows(
                    RevisionOutOfRangeException.class, () -> next.view().subscribe(listener, known.revision() - 1));
            assertTrue(refusal.getMessage().contains("(expected: from " + known.revision()), refusal.getMessage());
            assertThrows(RevisionOutOfRangeException.class, () -> next.view().subscribe(listener, 1_000_000));
        }
    }

    @Test
    @Promise(11)
    void afterCloseNoThreadLives() {
        RecordingThreadFactory threads = new RecordingThreadFactory();
        EtcdStateStore store = TestEtcd.following(
                EtcdStateStore.builder(etcd()).threads(threads).build());
        EtcdStateReader reader = EtcdStateReader.of(etcd(), new ChangeJournal(), InstantSource.system(), threads);
        reader.start();
        reader.view().subscribe(ChangeListener.builder().onBatch(batch -> {}).build());
        await(() -> reader.view().isReady());
        assertFalse(threads.living().isEmpty());

        store.close();
        store.close();
        reader.close();
        reader.close();

        assertEquals(List.of(), threads.living());
        assertThrows(NotReadyException.class, reader.view()::snapshot);
        assertThrows(IllegalStateException.class, () -> store.apply(List.of(SampleChanges.event(1))));
        assertThrows(IllegalStateException.class, reader::start);
    }

    @Test
    @Promise(10)
    void theLoopsTellWhyNothingCanBeHad() throws Exception {
        try (TcpProxy nowhere = TcpProxy.to(1);
                EtcdStateReader reader =
                        EtcdStateReader.of(Etcd.at(nowhere.endpoint().toString()))) {
            reader.start();
            await(() -> reader.loops().get(0).state() == LoopStatus.State.FAILING);
            String why = reader.loops().get(0).lastFailure().orElseThrow();
            assertTrue(why.contains(nowhere.endpoint().toString()), why);
            TimeoutException late =
                    assertThrows(TimeoutException.class, () -> reader.view().awaitReady(BRIEF));
            assertTrue(late.getMessage().contains("the state to be loaded from etcd"), late.getMessage());
        }
    }
}
