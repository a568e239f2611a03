package io.clusterstate.examples.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.StateStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Promise 4: a delivery that is deleted from the queue has its effect in the store. The store has the version of an
 * event of a task or an instance, or a later one. It may lack an entity that ECS lacks, too.
 */
final class SettledIsSafe extends Law {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_REMEMBERED = 20_000;

    private final TruthJournal truth;
    private final StateStore store;
    private final BooleanSupplier mayGoBack;
    private final Map<String, Event> received = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Event> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Event(EntityKind<?> kind, String arn, long version) {}

    /** @param mayGoBack whether a backup of the store was restored lately */
    SettledIsSafe(String where, Findings findings, TruthJournal truth, StateStore store, BooleanSupplier mayGoBack) {
        super(where, findings);
        this.truth = truth;
        this.store = store;
        this.mayGoBack = mayGoBack;
    }

    /** Notes what a delivery reports, since the mirror may drop the body before it settles. */
    synchronized void received(Delivery delivery) {
        eventOf(delivery.body()).ifPresent(event -> received.put(delivery.receipt(), event));
    }

    /** Checks a delivery that is about to be deleted. */
    synchronized void settled(Delivery delivery) {
        Event event = received.remove(delivery.receipt());
        if (event != null && !mayGoBack.getAsBoolean()) {
            judge(event);
        }
    }

    /** Forgets a delivery that returns to the queue. */
    synchronized void returned(Delivery delivery) {
        received.remove(delivery.receipt());
    }

    private void judge(Event event) {
        Optional<? extends Observed<?>> kept = store.snapshot().observed(event.kind(), event.arn());
        require(
                kept.map(each -> each.version() >= event.version()).orElseGet(() -> !truth.isLiving(event.arn())),
                () -> "settled: " + event + ", while the store has "
                        + kept.map(Object::toString).orElse("nothing") + " and ECS has "
                        + truth.last(event.arn()));
    }

    private static Optional<Event> eventOf(String body) {
        try {
            JsonNode detail = JSON.readTree(body).path("detail");
            if (detail.has("taskArn")) {
                return Optional.of(event(EntityKind.TASK, detail, "taskArn"));
            }
            return detail.has("containerInstanceArn")
                    ? Optional.of(event(EntityKind.INSTANCE, detail, "containerInstanceArn"))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // the mirror cannot read it either
        }
    }

    private static Event event(EntityKind<?> kind, JsonNode detail, String arn) {
        return new Event(kind, detail.path(arn).asText(), detail.path("version").asLong());
    }
}
