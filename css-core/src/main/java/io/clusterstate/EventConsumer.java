package io.clusterstate;

import io.clusterstate.internal.event.EventReader;
import io.clusterstate.internal.event.Reading;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Takes deliveries from the source to the store: each body is read once, the changes of a batch are applied together, and
 * only then are the deliveries settled (promise 4). What only hints at a change is noted as an enquiry, and settled when
 * ECS has answered.
 *
 * <p>Thread: safe for several polling threads at once; the version rule makes their order irrelevant.
 */
final class EventConsumer {

    /** Who is told what is heard beside the changes. Must be quick. */
    interface Audience {

        /** There is a cluster with this ARN. */
        void heardOf(String clusterArn);

        /** Something happened to a service. */
        void noticed(ServiceNotice notice);
    }

    private final EventSource source;
    private final StateStore store;
    private final Selection selection;
    private final Enquiries enquiries;
    private final Quarantine quarantine;
    private final Audience audience;
    private final EventTally tally;

    /**
     * A consumer.
     *
     * @param audience is told what is heard beside the changes
     */
    EventConsumer(
            EventSource source,
            StateStore store,
            Selection selection,
            Enquiries enquiries,
            Quarantine quarantine,
            Audience audience,
            EventTally tally) {
        this.source = source;
        this.store = store;
        this.selection = selection;
        this.enquiries = enquiries;
        this.quarantine = quarantine;
        this.audience = audience;
        this.tally = tally;
    }

    /**
     * Polls once and works on what comes.
     *
     * @param isStopping asked after the poll: if true, all is handed back
     * @return how many deliveries came
     */
    int consume(BooleanSupplier isStopping) throws InterruptedException {
        List<Delivery> deliveries = source.poll();
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

    /** Lets deliveries come again at once, here or elsewhere. */
    void handBack(List<Delivery> deliveries) {
        tally.count(DeliveryOutcome.HANDED_BACK, deliveries.size());
        source.handBack(deliveries);
    }

    /** Whatever one delivery does to its reader, or to the host's choice of clusters, must not spoil the others. */
    private void readSafely(Delivery delivery, Batch batch) {
        try {
            read(delivery, batch);
        } catch (RuntimeException e) {
            batch.unreadable.add(new Unread(delivery, e.toString()));
        }
    }

    private void read(Delivery delivery, Batch batch) {
        Reading reading = EventReader.read(delivery.body(), delivery.receivedAt());
        if (reading instanceof Reading.StateChange news && selection.includes(news)) {
            batch.changed.add(delivery);
            batch.changes.add(news.upsert());
        } else if (reading instanceof Reading.Hint hint) {
            enquire(delivery, hint.kind(), hint.clusterArn(), hint.arn(), batch);
        } else if (reading instanceof Reading.Notice notice) {
            enquire(delivery, EntityKind.SERVICE, notice.clusterArn(), notice.serviceArn(), batch);
            tell(notice, delivery);
        } else if (reading instanceof Reading.Unreadable unreadable) {
            batch.unreadable.add(new Unread(delivery, unreadable.reason()));
        } else {
            passOver(delivery, batch);
        }
    }

    private void passOver(Delivery delivery, Batch batch) {
        tally.count(DeliveryOutcome.IRRELEVANT, 1);
        batch.done.add(delivery);
    }

    private void enquire(Delivery delivery, EntityKind<?> kind, Optional<String> clusterArn, String arn, Batch batch) {
        Optional<String> cluster = clusterArn.or(() -> clusterOf(kind, arn));
        if (cluster.isEmpty()) {
            batch.unreadable.add(new Unread(delivery, kind + ": " + arn + " (expected: its cluster's ARN, too)"));
        } else if (!selection.includes(kind, cluster.get())) {
            passOver(delivery, batch);
        } else if (!enquiries.hint(kind, cluster.get(), arn, delivery)) {
            tally.count(DeliveryOutcome.DEFERRED, 1);
        }
    }

    /** Tells of what happened to a service, as often as the event is delivered. */
    private void tell(Reading.Notice notice, Delivery delivery) {
        String service = notice.serviceArn();
        notice.clusterArn()
                .or(() -> clusterOf(EntityKind.SERVICE, service))
                .filter(cluster -> selection.includes(EntityKind.SERVICE, cluster))
                .ifPresent(cluster -> audience.noticed(new ServiceNotice(
                        service,
                        cluster,
                        notice.eventType(),
                        notice.eventName(),
                        notice.reason(),
                        delivery.receivedAt())));
    }

    /** Where an entity lives of which an event tells only its ARN, if that is known. */
    private Optional<String> clusterOf(EntityKind<?> kind, String arn) {
        return store.snapshot().observed(kind, arn).map(Observed::clusterArn);
    }

    /** Applies the changes of a batch; their effect is safe then. */
    private void apply(Batch batch) {
        if (batch.changes.isEmpty()) {
            return;
        }
        List<Applied> applied = store.apply(batch.changes);
        long effective =
                applied.stream().filter(each -> each.outcome().hasEffect()).count();
        tally.count(DeliveryOutcome.APPLIED, effective);
        tally.count(DeliveryOutcome.KNOWN, applied.size() - effective);
        batch.changed.forEach(tally::arrived);
        applied.forEach(this::askForMore);
        batch.done.addAll(batch.changed);
    }

    /** What an event has brought into the view is not whole: tags and health are told by the API alone. */
    private void askForMore(Applied applied) {
        Observed<?> after = applied.after();
        if (after != null) {
            audience.heardOf(after.clusterArn());
            boolean isNew =
                    applied.outcome() == Outcome.ADDED && after.describedAt().isEmpty();
            if (isNew && !after.hasEnded()) {
                enquiries.enrich(after.kind(), after.clusterArn(), after.arn());
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
