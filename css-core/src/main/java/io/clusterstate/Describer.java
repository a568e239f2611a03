package io.clusterstate;

import io.clusterstate.Answer.Found;
import io.clusterstate.Answer.Missing;
import io.clusterstate.Answer.Unclear;
import io.clusterstate.Enquiries.Enquiry;
import io.clusterstate.Enquiries.Waiting;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heart;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.EcsException;

/**
 * Asks ECS about the entities that events hinted at, applies the answers, and settles the deliveries that waited for them
 * (promise 4). An unclear answer leaves its deliveries to come again. While ECS does not answer at all, the enquiry is kept
 * and so are its deliveries, so that an outage uses up no receipts; what was only to be enriched waits for the next
 * reconcile.
 */
final class Describer {

    /** After so many failures in a row the loop's pause grows no more: deliveries are kept from coming again meanwhile. */
    static final int PAUSE_GROWS_UNTIL = 6;
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
        keepWhatWaits();
        Optional<Enquiry> next = enquiries.take(PATIENCE);
        heart.beat();
        if (next.isPresent()) {
            answer(next.get(), new Inventory(tools.api(), new ApiTally(), heart));
        }
        return Duration.ZERO;
    }

    /** A source that does not keep them delivers them again, which costs receipts and nothing else. */
    private void keepWhatWaits() {
        List<Delivery> waiting = enquiries.toBeKept();
        try {
            if (!waiting.isEmpty()) {
                source.keep(waiting, Enquiries.KEPT_FOR);
            }
        } catch (RuntimeException e) {
            LOG.warn("{}: {} deliveries come again while they wait for ECS: {}", source, waiting.size(), e.toString());
        }
    }

    @SuppressWarnings("IllegalCatch") // whatever goes wrong, the enquiry is not lost
    private void answer(Enquiry enquiry, Inventory inventory) throws InterruptedException {
        try {
            settle(enquiry, ask(enquiry.kind(), enquiry.clusterArn(), enquiry.arns(), inventory));
        } catch (Throwable e) {
            List<Delivery> tooLate = enquiries.askAgain(enquiry);
            if (!tooLate.isEmpty()) {
                source.handBack(tooLate);
            }
            keepWhatWaits();
            throw e;
        }
    }

    private void settle(Enquiry enquiry, DescribeAnswers<?> answers) {
        List<Delivery> done = enquiry.waiting().entrySet().stream()
                .flatMap(each -> settled(answers.about(each.getKey()), each.getValue()).stream())
                .toList();
        if (!done.isEmpty()) {
            source.settle(done);
        }
        tally.count(DeliveryOutcome.DESCRIBED, done.size());
        tally.count(DeliveryOutcome.DEFERRED, enquiry.deliveries() - done.size());
    }

    private static List<Delivery> settled(Answer<?> answer, Collection<Waiting> waiting) {
        return waiting.stream()
                .filter(each -> isSettledBy(answer, each))
                .map(Waiting::delivery)
                .toList();
    }

    /** MISSING is believed the second time, since an event may be faster than the API, unless the event is an old one. */
    private static boolean isSettledBy(Answer<?> answer, Waiting waiting) {
        return answer instanceof Found
                || (answer instanceof Missing
                        && (waiting.isOfThePast() || waiting.delivery().receiveCount() > 1));
    }

    /** Asks, and applies what ECS found. */
    private <T> DescribeAnswers<T> ask(EntityKind<T> kind, String clusterArn, List<String> arns, Inventory inventory)
            throws InterruptedException {
        DescribeAnswers<T> answers = answersAbout(kind, clusterArn, arns, inventory);
        tools.applyFound(kind, entity -> clusterArn, answers, Origin.DESCRIBE);
        if (!answers.unclear().isEmpty()) {
            LOG.warn("an event hinted at them, and ECS's answer is unclear: {}", answers.unclear());
        }
        LOG.debug("an event hinted at them, and ECS answers MISSING: {}", answers.missing());
        return answers;
    }

    private <T> DescribeAnswers<T> answersAbout(
            EntityKind<T> kind, String clusterArn, List<String> arns, Inventory inventory) throws InterruptedException {
        try {
            return inventory.describe(kind, clusterArn, arns);
        } catch (ClusterNotFoundException e) {
            return DescribeAnswers.same(
                    arns, new Missing<>(tools.surroundings().clock().instant()));
        } catch (EcsException e) {
            if (!EcsApi.isDenied(e)) {
                throw e;
            }
            return DescribeAnswers.same(arns, new Unclear<>(FailureText.of(e), true));
        }
    }
}
