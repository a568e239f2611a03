package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.DescribeAnswer;
import io.clusterstate.internal.ecs.DescribeAnswer.Found;
import io.clusterstate.internal.ecs.DescribeAnswer.Missing;
import io.clusterstate.internal.ecs.DescribeAnswer.Unclear;
import io.clusterstate.internal.ecs.DescribeAnswers;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.ecs.Inventory;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.mirror.DescribeQueue.DescribeCall;
import io.clusterstate.mirror.DescribeQueue.Waiting;
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
 * Describes the entities that events named, applies the answers, and settles the deliveries that waited for them
 * (promise 4). After an unclear answer the source delivers the event again. While ECS does not answer at all, the
 * worker keeps the call and extends its deliveries, so that an outage uses up no receipts.
 */
final class DescribeWorker {

    /**
     * The number of failures in a row up to which the pause of the loop grows; the pause must end before deliveries
     * expire.
     */
    static final int PAUSE_GROWS_UNTIL = 6;
    /** The time for which the loop waits for work before its next heartbeat. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(DescribeWorker.class);

    private final DescribeQueue describeQueue;
    private final ReconcileContext context;
    private final EventSource source;
    private final EventCounters counters;

    DescribeWorker(DescribeQueue describeQueue, ReconcileContext context, EventSource source, EventCounters counters) {
        this.describeQueue = describeQueue;
        this.context = context;
        this.source = source;
        this.counters = counters;
    }

    /** One step of the describe loop: one call, if one is due. */
    Duration step(Heartbeat heartbeat) throws InterruptedException {
        keep(describeQueue.takeExpiring(), heartbeat);
        Optional<DescribeCall> next = describeQueue.take(PATIENCE);
        heartbeat.beat();
        if (next.isPresent()) {
            CallInFlight inFlight = new CallInFlight(next.get());
            answer(
                    next.get(),
                    new Inventory(context.api(), new ApiCounters(), () -> keepAll(inFlight, heartbeat)),
                    heartbeat);
        }
        return Duration.ZERO;
    }

    /**
     * Extends deliveries before each attempt of a call, since hanging calls and pauses may outlast their visibility.
     */
    private void keepAll(CallInFlight inFlight, Heartbeat heartbeat) {
        heartbeat.beat();
        keep(inFlight.takeExpiring(context.environment().time().nanos()), heartbeat);
        keep(describeQueue.takeExpiring(), heartbeat);
    }

    /** The deliveries of the call that ECS is answering. */
    private static final class CallInFlight {

        private final List<Delivery> deliveries;
        private long extendBy;

        CallInFlight(DescribeCall call) {
            List<Waiting> waiting =
                    call.waiting().values().stream().flatMap(Collection::stream).toList();
            deliveries = waiting.stream().map(Waiting::delivery).toList();
            extendBy = waiting.stream().mapToLong(Waiting::extendBy).min().orElse(0);
        }

        List<Delivery> takeExpiring(long now) {
            if (extendBy - now > 0) {
                return List.of();
            }
            extendBy = now + DescribeQueue.EXTENDED_FOR.toNanos() / 2;
            return deliveries;
        }
    }

    /** Extends deliveries. If the source fails to, it delivers them again, which only costs receipts. */
    private void keep(List<Delivery> waiting, Heartbeat heartbeat) {
        int failed = 0;
        String failure = "";
        for (int from = 0; from < waiting.size(); from += EventSource.FULL_BATCH) {
            List<Delivery> part = waiting.subList(from, Math.min(waiting.size(), from + EventSource.FULL_BATCH));
            try {
                source.keep(part, DescribeQueue.EXTENDED_FOR);
            } catch (RuntimeException e) {
                failed += part.size();
                failure = e.toString();
            }
            heartbeat.beat();
        }
        if (failed > 0) {
            LOG.warn("{}: {} deliveries that wait for ECS come again, not extended: {}", source, failed, failure);
        }
    }

    @SuppressWarnings("IllegalCatch") // the call must not be lost, whatever fails
    private void answer(DescribeCall call, Inventory inventory, Heartbeat heartbeat) throws InterruptedException {
        try {
            settle(call, describe(call.kind(), call.clusterArn(), call.arns(), inventory));
        } catch (Throwable e) {
            List<Delivery> tooLate = describeQueue.requeue(call);
            if (!tooLate.isEmpty()) {
                source.handBack(tooLate);
            }
            keep(describeQueue.takeExpiring(), heartbeat);
            throw e;
        }
    }

    private void settle(DescribeCall call, DescribeAnswers<?> answers) {
        List<Delivery> done = call.waiting().entrySet().stream()
                .flatMap(each -> settled(answers.about(each.getKey()), each.getValue()).stream())
                .toList();
        if (!done.isEmpty()) {
            source.settle(done);
        }
        counters.count(DeliveryOutcome.DESCRIBED, done.size());
        counters.count(DeliveryOutcome.DEFERRED, call.deliveries() - done.size());
    }

    private static List<Delivery> settled(DescribeAnswer<?> answer, Collection<Waiting> waiting) {
        return waiting.stream()
                .filter(each -> isSettledBy(answer, each))
                .map(Waiting::delivery)
                .toList();
    }

    /**
     * Whether an answer settles a delivery. MISSING counts only at the second receipt, since an event may be faster
     * than the API, unless the event is of the past.
     */
    private static boolean isSettledBy(DescribeAnswer<?> answer, Waiting waiting) {
        return answer instanceof Found
                || (answer instanceof Missing
                        && (waiting.isOfThePast() || waiting.delivery().receiveCount() > 1));
    }

    /** Describes entities, and applies the answers. */
    private <T> DescribeAnswers<T> describe(
            EntityKind<T> kind, String clusterArn, List<String> arns, Inventory inventory) throws InterruptedException {
        DescribeAnswers<T> answers = answers(kind, clusterArn, arns, inventory);
        context.applyFound(kind, entity -> clusterArn, answers, Origin.DESCRIBE);
        if (!answers.unclear().isEmpty()) {
            LOG.warn("ECS's answer about entities that events named is unclear: {}", answers.unclear());
        }
        if (!answers.missing().isEmpty()) {
            LOG.debug("ECS answers MISSING about entities that events named: {}", answers.missing());
        }
        return answers;
    }

    private <T> DescribeAnswers<T> answers(
            EntityKind<T> kind, String clusterArn, List<String> arns, Inventory inventory) throws InterruptedException {
        try {
            return inventory.describe(kind, clusterArn, arns);
        } catch (ClusterNotFoundException e) {
            return DescribeAnswers.same(
                    arns, new Missing<>(context.environment().clock().instant()));
        } catch (EcsException e) {
            if (!EcsApi.isDenied(e)) {
                throw e;
            }
            return DescribeAnswers.same(arns, new Unclear<>(FailureText.of(e), true));
        }
    }
}
