package io.clusterstate;

import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.RecordingThreadFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Task;

/** A store that a test fills, with a view of it. */
final class Watched implements AutoCloseable {

    static final Duration LIMIT = Duration.ofMinutes(1);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));

    final ReferenceStore store;
    final TestHost host = new TestHost();
    final RecordingThreadFactory threads = new RecordingThreadFactory();
    final StoreView view;

    private Watched(boolean isByHand, ChangeJournal journal, boolean isReady) {
        host.ready(isReady);
        store = new ReferenceStore(CLOCK, Duration.ofHours(1), Duration.ofDays(1), journal);
        view = isByHand
                ? StoreView.byHand(store.journal(), host, CLOCK)
                : StoreView.of(store.journal(), host, CLOCK, threads);
        host.onMove(view::moved);
    }

    /** Subscribers are told when the test says so. */
    static Watched byHand() {
        return byHand(new ChangeJournal());
    }

    /** Subscribers have threads. */
    static Watched live() {
        return live(new ChangeJournal());
    }

    /** Not ready yet. Subscribers have threads. */
    static Watched loading() {
        return new Watched(false, new ChangeJournal(), false);
    }

    /** Subscribers are told when the test says so, from a journal. */
    static Watched byHand(ChangeJournal journal) {
        return new Watched(true, journal, true);
    }

    /** Subscribers have threads, and read a journal. */
    static Watched live(ChangeJournal journal) {
        return new Watched(false, journal, true);
    }

    List<Applied> apply(Change<?>... changes) {
        return store.apply(List.of(changes));
    }

    /** A task of the cluster prod, at a version. */
    Observed<?> put(String id, long version) {
        return put(Entities.task("prod", id, version));
    }

    Observed<?> put(Task task) {
        return apply(Entities.upsert(EntityKind.TASK, task.clusterArn(), task))
                .get(0)
                .after();
    }

    void remove(String id) {
        apply(SampleChanges.missing(EntityKind.TASK, Entities.taskArn("prod", id), 1_000, 10));
    }

    void moved() {
        view.moved();
    }

    int tell() throws InterruptedException {
        return view.tell();
    }

    @Override
    public void close() {
        host.over(null);
        view.close(LIMIT);
        store.close();
    }
}
