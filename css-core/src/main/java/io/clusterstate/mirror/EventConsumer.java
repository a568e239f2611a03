package io.clusterstate.mirror;

import io.clusterstate.Observed;
import io.clusterstate.ServiceNotice;
import io.clusterstate.internal.event.EventReader;
import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.mirror.EventTriage.Verdict;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves events from the source to the store. It reads each body once, applies the changes of a batch together, and only
 * then settles the deliveries (promise 4). An event that only names an entity waits in the describe queue; the answer
 * of ECS settles it.
 *
 * <p>Thread: safe for several polling threads at once; the version rule makes their order irrelevant.
 */
final class EventConsumer {

    /** Receives what polls bring besides changes. Its methods must be quick. */
    interface Observer {

        /** A poll begins. */
        void polls();

        /** A poll has returned these deliveries, perhaps none. */
        void polled(List<Delivery> deliveries);

        /** The consumer has read a delivery. */
        void read(ParsedBody reading, Delivery delivery);

        /** An event reports an action on a service. */
        void noticed(ServiceNotice notice);
    }

    /**
     * The receivers of everything except changes.
     *
     * @param describeQueue receives hints
     * @param quarantine receives unreadable messages
     * @param observer receives the rest
     */
    record Handoffs(DescribeQueue describeQueue, Quarantine quarantine, Observer observer) {}

    /** The log names at most this many foreign homes. */
    private static final int MOST_FOREIGN = 20;

    private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);

    private final EventSource source;
    private final StateStore store;
    private final EventTriage triage;
    private final DescribeQueue describeQueue;
    private final Quarantine quarantine;
    private final Observer observer;
    private final EventCounters counters;
    /** The foreign homes that the log has named. */
    private final Set<String> foreign = ConcurrentHashMap.newKeySet();

    /** A consumer that polls only in {@link #consume}. */
    EventConsumer(EventSource source, StateStore store, EventTriage triage, Handoffs handoffs, EventCounters counters) {
        this.source = source;
        this.store = store;
        this.triage = triage;
        this.describeQueue = handoffs.describeQueue();
        this.quarantine = handoffs.quarantine();
        this.observer = handoffs.observer();
        this.counters = counters;
    }

    /**
     * Polls once and processes the deliveries.
     *
     * @param isStopping asked after the poll; if true, the consumer hands the deliveries back
     * @return the number of deliveries
     */
    int consume(BooleanSupplier isStopping) throws InterruptedException {
        observer.polls();
        List<Delivery> deliveries = source.poll();
        observer.polled(deliveries);
        if (deliveries.isEmpty()) {
            return 0;
        }
        if (isStopping.getAsBoolean()) {
            handBack(deliveries);
            return deliveries.size();
        }
        Batch batch = new Batch();
        deliveries.forEach(delivery -> readSafely(delivery, batch));
        apply(batch);
        settle(batch.done);
        settle(batch.unreadable.stream()
                .filter(each -> quarantine.takes(each.delivery(), each.reason()))
                .map(Unread::delivery)
                .toList());
        return deliveries.size();
    }

    private void settle(List<Delivery> done) {
        if (!done.isEmpty()) {
            source.settle(done);
        }
    }

    /** Hands deliveries back until a moment of {@link System#nanoTime}; the rest comes again later. */
    void handBack(List<Delivery> deliveries, long deadline) {
        try {
            for (int from = 0;
                    from < deliveries.size() && deadline - System.nanoTime() > 0;
                    from += EventSource.FULL_BATCH) {
                handBack(deliveries.subList(from, Math.min(deliveries.size(), from + EventSource.FULL_BATCH)));
            }
        } catch (RuntimeException e) {
            LOG.warn("close: could not hand messages back, so they come again later: {}", e.toString());
        }
    }

    /** Makes deliveries visible again at once, for any process. */
    void handBack(List<Delivery> deliveries) {
        counters.count(DeliveryOutcome.HANDED_BACK, deliveries.size());
        source.handBack(deliveries);
    }

    /**
     * Reads a delivery. A failure of the reader, or of the host's selection of clusters, must not affect the other
     * deliveries. A failure of the JVM or the class path is no delivery's fault.
     */
    @SuppressWarnings("IllegalCatch") // the host's selection may throw anything
    private void readSafely(Delivery delivery, Batch batch) {
        try {
            read(delivery, batch);
        } catch (LinkageError | OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            batch.unreadable.add(new Unread(delivery, e.toString()));
        }
    }

    private void read(Delivery delivery, Batch batch) {
        ParsedBody reading = EventReader.read(delivery.body(), delivery.receivedAt());
        observer.read(reading, delivery);
        Verdict verdict = triage.judge(reading);
        if (verdict instanceof Verdict.Apply apply) {
            batch.changed.add(delivery);
            batch.changes.add(apply.upsert());
        } else if (verdict instanceof Verdict.Describe describe) {
            hint(delivery, describe);
            if (reading instanceof ParsedBody.Notice notice) {
                publish(notice, describe.clusterArn(), delivery);
            }
        } else if (verdict instanceof Verdict.PassOver passedOver) {
            passOver(delivery, passedOver, batch);
        } else if (verdict instanceof Verdict.Reject rejected) {
            batch.unreadable.add(new Unread(delivery, rejected.reason()));
        }
    }

    private void passOver(Delivery delivery, Verdict.PassOver verdict, Batch batch) {
        if (verdict.outcome() == DeliveryOutcome.FOREIGN
                && foreign.size() < MOST_FOREIGN
                && foreign.add(verdict.why())) {
            LOG.warn(
                    "foreign events: {}, settled without effect (expected: only events of the ECS client's account"
                            + " and Region)",
                    verdict.why());
        }
        counters.count(verdict.outcome(), 1);
        batch.done.add(delivery);
    }

    private void hint(Delivery delivery, Verdict.Describe describe) {
        if (!describeQueue.hint(
                describe.kind(), describe.clusterArn(), describe.arn(), delivery, describe.isOfThePast())) {
            counters.count(DeliveryOutcome.DEFERRED, 1);
        }
    }

    /** Publishes an action on a service, once for each delivery of the event. */
    private void publish(ParsedBody.Notice notice, String clusterArn, Delivery delivery) {
        observer.noticed(new ServiceNotice(
                notice.serviceArn(),
                clusterArn,
                notice.eventType(),
                notice.eventName(),
                notice.reason(),
                delivery.receivedAt()));
    }

    /** Applies the changes of a batch; afterwards the store keeps them. */
    private void apply(Batch batch) {
        if (batch.changes.isEmpty()) {
            return;
        }
        List<Applied> applied = store.apply(batch.changes);
        long effective =
                applied.stream().filter(each -> each.outcome().hasEffect()).count();
        counters.count(DeliveryOutcome.APPLIED, effective);
        counters.count(DeliveryOutcome.KNOWN, applied.size() - effective);
        batch.changed.forEach(counters::arrived);
        applied.forEach(this::requestEnrichment);
        batch.done.addAll(batch.changed);
    }

    /** Requests the parts of a new entity that events lack: only the API reports tags and health. */
    private void requestEnrichment(Applied applied) {
        Observed<?> after = applied.after();
        if (applied.outcome() == Outcome.ADDED
                && after != null
                && after.describedAt().isEmpty()
                && !after.hasEnded()) {
            describeQueue.enrich(after.kind(), after.clusterArn(), after.arn());
        }
    }

    /** The deliveries of one poll, sorted by outcome. */
    private static final class Batch {
        private final List<Delivery> changed = new ArrayList<>();
        private final List<Upsert<?>> changes = new ArrayList<>();
        private final List<Delivery> done = new ArrayList<>();
        private final List<Unread> unreadable = new ArrayList<>();
    }

    /** An unreadable delivery. The consumer handles it last, so that the others do not wait for it. */
    private record Unread(Delivery delivery, String reason) {}
}
