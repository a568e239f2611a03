package io.clusterstate;

import io.clusterstate.Enquiries.Enquiry;
import io.clusterstate.internal.loop.Loop.Heart;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.Upsert;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;

/**
 * Asks ECS about the entities that events hinted at, applies the answers, and settles the deliveries that waited for them
 * (promise 4). A question that fails leaves its deliveries to come again; what was only to be enriched waits for the next
 * reconcile.
 */
final class Describer {

    /** How long the loop waits for something to ask before it shows that it lives. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Describer.class);

    private final Enquiries enquiries;
    private final ReconcileTools tools;
    private final EventSource source;
    private final EventTally tally;

    Describer(Enquiries enquiries, ReconcileTools tools, EventSource source, EventTally tally) {
        this.enquiries = enquiries;
        this.tools = tools;
        this.source = source;
        this.tally = tally;
    }

    /** One step of the describe loop: one call, if one is due. */
    Duration step(Heart heart) throws InterruptedException {
        Optional<Enquiry> next = enquiries.take(PATIENCE);
        heart.beat();
        if (next.isPresent()) {
            answer(next.get(), new Inventory(tools.api(), new ApiTally(), heart));
        }
        return Duration.ZERO;
    }

    private void answer(Enquiry enquiry, Inventory inventory) throws InterruptedException {
        List<Delivery> done = List.of();
        try {
            Set<String> unanswered = ask(enquiry.kind(), enquiry.clusterArn(), enquiry.arns(), inventory);
            done = enquiry.waiting().entrySet().stream()
                    .flatMap(each -> each.getValue().stream()
                            .filter(delivery -> isAnswered(each.getKey(), delivery, unanswered)))
                    .toList();
            if (!done.isEmpty()) {
                source.settle(done);
            }
        } finally {
            tally.count(DeliveryOutcome.DESCRIBED, done.size());
            tally.count(DeliveryOutcome.DEFERRED, enquiry.deliveries() - done.size());
        }
    }

    /** That ECS knows no such thing is believed the second time: an event may be faster than the API. */
    private static boolean isAnswered(String arn, Delivery delivery, Set<String> unanswered) {
        return !unanswered.contains(arn) || delivery.receiveCount() > 1;
    }

    /** Asks and applies; returns what ECS did not find. */
    private <T> Set<String> ask(EntityKind<T> kind, String clusterArn, List<String> arns, Inventory inventory)
            throws InterruptedException {
        Instant asked = tools.surroundings().clock().instant();
        try {
            Described<T> answer = inventory.describe(kind, clusterArn, arns);
            tools.store()
                    .apply(answer.found().stream()
                            .map(value -> Upsert.of(kind, clusterArn, value, Origin.DESCRIBE, asked))
                            .toList());
            Set<String> unanswered = new HashSet<>(answer.missing());
            unanswered.addAll(answer.unknown().keySet());
            if (!unanswered.isEmpty()) {
                LOG.debug("{}: an event told of them, and ECS does not find them", unanswered);
            }
            return unanswered;
        } catch (ClusterNotFoundException e) {
            LOG.warn("{}: an event told of them, and there is no such cluster: {}", arns, e.getMessage());
            return Set.copyOf(arns);
        }
    }
}
