package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.DelegatingStore;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** An event path monitor, and its inputs in the words of a test. */
final class WatchedPath {

    private static final Duration POLL = Duration.ofSeconds(7);

    final TestTime time = new TestTime();
    final ReferenceStore truth = new ReferenceStore(time, Duration.ofDays(1), Duration.ofDays(1));
    final EventPathMonitor watch;
    private int made;

    WatchedPath() {
        this(null);
    }

    /** On a store that others share, perhaps. */
    WatchedPath(@Nullable Coordination coordination) {
        watch = new EventPathMonitor(time, new Shared(truth, coordination));
    }

    /** A cluster that is followed, has been loaded, and whose events are waited for. */
    WatchedPath loaded(String cluster) {
        apply(Entities.upsert(EntityKind.CLUSTER, cluster, Entities.cluster(cluster)));
        watch.polls();
        report(cluster, true);
        watch.polled(List.of());
        return this;
    }

    /** Time passes, and polls bring nothing. */
    WatchedPath quiet(Duration duration) {
        Instant end = time.instant().plus(duration);
        while (time.instant().isBefore(end)) {
            poll();
            time.advance(POLL);
        }
        poll();
        return this;
    }

    void poll(Delivery... deliveries) {
        watch.polls();
        watch.polled(List.of(deliveries));
    }

    /** A full poll of messages that have waited so long. */
    void pollBacklog(Duration waited) {
        watch.polls();
        watch.polled(Collections.nCopies(10, delivery(waited, 1)));
    }

    /** A pass finds so many tasks that are new. */
    void passFinds(String cluster, int tasks) {
        found(
                cluster,
                IntStream.range(0, tasks)
                        .<Upsert<?>>mapToObj(i -> task(cluster, Origin.RECONCILE))
                        .toList());
    }

    /** A pass finds this. */
    void found(String cluster, List<? extends Change<?>> changes) {
        apply(changes);
        report(cluster, false);
    }

    /** An event comes, and is taken in. */
    void event(Upsert<?> upsert) {
        event(upsert, Duration.ofSeconds(1));
    }

    /** An event comes that has waited so long in the queue. */
    void event(Upsert<?> upsert, Duration waited) {
        Delivery delivery = delivery(waited, 1);
        poll(delivery);
        watch.read(new ParsedBody.StateChange(upsert, Optional.empty(), false), delivery);
        apply(upsert);
    }

    void read(ParsedBody reading) {
        watch.read(reading, delivery(Duration.ZERO, 1));
    }

    Upsert<Task> task(String cluster, Origin origin) {
        made++;
        return Upsert.of(
                EntityKind.TASK,
                Entities.clusterArn(cluster),
                Entities.task(cluster, "t" + made),
                origin,
                time.instant());
    }

    Upsert<ContainerInstance> instance(String cluster, Origin origin) {
        made++;
        return Upsert.of(
                EntityKind.INSTANCE,
                Entities.clusterArn(cluster),
                Entities.instance(cluster, "i" + made),
                origin,
                time.instant());
    }

    Delivery delivery(Duration waited, int receipts) {
        Instant now = time.instant();
        return new Delivery("m", "{}", "r", now, Optional.of(now.minus(waited)), receipts);
    }

    List<String> problems() {
        return watch.problems();
    }

    void apply(Change<?>... changes) {
        apply(List.of(changes));
    }

    private void apply(List<? extends Change<?>> changes) {
        watch.applied(truth.apply(changes));
    }

    private void report(String cluster, boolean isFirst) {
        watch.reconciled(new ReconcileReport(
                Entities.clusterArn(cluster),
                time.instant(),
                Duration.ofSeconds(1),
                isFirst,
                Drift.NONE,
                0,
                3,
                0,
                Optional.empty()));
    }

    /** A store as its watch sees it. */
    private record Shared(StateStore store, @Nullable Coordination with) implements DelegatingStore {

        @Override
        public Optional<Coordination> coordination() {
            return Optional.ofNullable(with);
        }

        @Override
        public void close() {}
    }
}
