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
 * Takes deliveries from the source to the store: each body is read once, the changes of a batch are applied together,
 * and only then are the deliveries settled (promise 4). What only hints at a change is noted as an enquiry, and settled
 * when ECS has answered.
 *
 * <p>Thread: safe for several polling threads at once; the version rule makes their order irrelevant.
 */
final class EventConsumer {

    /** Who is told what is heard beside the changes. Must be quick. */
    interface Observer {

        /** A poll begins. */
        void polls();

        /** A poll has brought these, or none. */
        void polled(List<Delivery> deliveries);

        /** A delivery says this. */
        void read(ParsedBody reading, Delivery delivery);

        /** There is a cluster with this ARN. */
        void sawCluster(String clusterArn);

        /** Something happened to a service. */
        void noticed(ServiceNotice notice);
    }

    /**
     * The receivers of whatever is no change.
     *
     * @param describeQueue takes hints
     * @param quarantine takes bodies that nobody can read
     * @param observer learns what else a poll brings
     */
    record Handoffs(DescribeQueue describeQueue, Quarantine quarantine, Observer observer) {}

    /** The log names no more other homes than these. */
    private static final int MOST_FOREIGN = 20;

    private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);

    private final EventSource source;
    private final StateStore store;
    private final EventTriage triage;
    private final DescribeQueue describeQueue;
    private final Quarantine quarantine;
    private final Observer observer;
    private final EventCounters counters;
    /** The homes of events that were passed over, each said once. */
    private final Set<String> foreign = ConcurrentHashMap.newKeySet();

    /** A consumer that polls nothing before {@link #consume}. */
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
     * Polls once and works on what comes.
     *
     * @param isStopping asked after the poll: if true, all is handed back
     * @return how many deliveries came
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

    /** Hands deliveries back until a moment of {@link System#nanoTime}; those that are left come again later. */
    void handBack(List<Delivery> deliveries, long deadline) {
        try {
            for (int from = 0;
                    from < deliveries.size() && deadline - System.nanoTime() > 0;
                    from += EventSource.FULL_BATCH) {
                handBack(deliveries.subList(from, Math.min(deliveries.size(), from + EventSource.FULL_BATCH)));
            }
        } catch (RuntimeException e) {
            LOG.warn("close: messages could not be handed back and come again later: {}", e.toString());
        }
    }

    /** Makes deliveries visible again at once, for this process or another. */
    void handBack(List<Delivery> deliveries) {
        counters.count(DeliveryOutcome.HANDED_BACK, deliveries.size());
        source.handBack(deliveries);
    }

    /**
     * Whatever one delivery does to its reader, or to the host's choice of clusters, must not spoil the others. What is
     * wrong with the JVM or the class path is no delivery's fault.
     */
    @SuppressWarnings("IllegalCatch") // the host's choice may throw anything
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
                    "events of {} come to this queue and are passed over (expected: those of the ECS client's account "
                            + "and Region)",
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

    /** Tells of what happened to a service, as often as the event is delivered. */
    private void publish(ParsedBody.Notice notice, String clusterArn, Delivery delivery) {
        observer.noticed(new ServiceNotice(
                notice.serviceArn(),
                clusterArn,
                notice.eventType(),
                notice.eventName(),
                notice.reason(),
                delivery.receivedAt()));
    }

    /** Applies the changes of a batch; their effect is safe then. */
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

    /** What an event has brought into the view is not whole: tags and health are told by the API alone. */
    private void requestEnrichment(Applied applied) {
        Observed<?> after = applied.after();
        if (after != null) {
            observer.sawCluster(after.clusterArn());
            boolean isNew =
                    applied.outcome() == Outcome.ADDED && after.describedAt().isEmpty();
            if (isNew && !after.hasEnded()) {
                describeQueue.enrich(after.kind(), after.clusterArn(), after.arn());
            }
        }
    }

    /** The deliveries of one poll, by what they are. */
    private static final class Batch {
        private final List<Delivery> changed = new ArrayList<>();
        private final List<Upsert<?>> changes = new ArrayList<>();
        private final List<Delivery> done = new ArrayList<>();
        private final List<Unread> unreadable = new ArrayList<>();
    }

    /** A delivery that cannot be understood; looked after last, so that the others do not wait for it. */
    private record Unread(Delivery delivery, String reason) {}
}
