package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Monitors the path of events from ECS to this process: a rule, perhaps a topic, a queue with its policy. A broken path
 * looks like a quiet account; only the findings of passes reveal the difference.
 *
 * <p>It reports a problem only on sure evidence: see {@link EventPath}, {@link IrrelevantShare}, {@link WaitTrend} and
 * {@link SnsSubscriptions}.
 *
 * <p>Thread: safe for any thread. Blocks: for moments only.
 */
final class EventPathMonitor {

    /** The longest time for which SQS keeps a message. */
    private static final Duration LONGEST_BACKLOG = Duration.ofDays(14);
    /** The number of clusters that a problem names. */
    private static final int NAMED = 3;

    private static final Logger LOG = LoggerFactory.getLogger(EventPathMonitor.class);

    private final MonotonicTime time;
    private final StateStore store;
    /** The paths by kind, for the kinds whose events have versions, and by cluster. */
    private final Map<EntityKind<?>, Map<String, EventPath>> paths = new LinkedHashMap<>();

    private final IrrelevantShare share;
    private final WaitTrend trend;
    private final SnsSubscriptions subscriptions = new SnsSubscriptions();
    private @Nullable Long polledAt;
    private long listeningSince;
    private long caughtUpTo;
    private Set<String> logged = Set.of();

    EventPathMonitor(MonotonicTime time, StateStore store) {
        this.time = time;
        this.store = store;
        this.share = new IrrelevantShare(time.nanos());
        this.trend = new WaitTrend(time.nanos());
        paths.put(EntityKind.TASK, new TreeMap<>());
        paths.put(EntityKind.INSTANCE, new TreeMap<>());
    }

    /** Notes that a poll begins. */
    synchronized void polls() {
        long now = time.nanos();
        if (!isListening(now)) {
            listeningSince = now;
            caughtUpTo = now - LONGEST_BACKLOG.toNanos();
        }
    }

    /** Notes the deliveries of a poll, perhaps none. */
    synchronized void polled(List<Delivery> deliveries) {
        long now = time.nanos();
        polledAt = now;
        @Nullable Duration longest = deliveries.size() < EventSource.FULL_BATCH ? Duration.ZERO : null;
        for (Delivery each : deliveries) {
            if (each.receiveCount() == 1 && each.sentAt().isPresent()) {
                Duration wait = waitOf(each);
                trend.waited(wait, now);
                longest = longest == null || wait.compareTo(longest) > 0 ? wait : longest;
            }
        }
        if (longest != null) {
            caughtUpTo = Math.max(caughtUpTo, now - longest.toNanos());
        }
    }

    /** Notes the content of a delivery. */
    synchronized void read(ParsedBody reading, Delivery delivery) {
        long now = time.nanos();
        if (reading instanceof ParsedBody.Irrelevant irrelevant) {
            share.irrelevant(irrelevant.reason(), now);
        } else {
            share.relevant(now);
        }
        if (reading instanceof ParsedBody.Unconfirmed unconfirmed) {
            subscriptions.unconfirmed(unconfirmed, now);
        } else {
            subscriptions.arrived(delivery);
            noteEvent(reading);
        }
    }

    private void noteEvent(ParsedBody reading) {
        if (reading instanceof ParsedBody.StateChange stateChange) {
            Observed<?> observed = stateChange.upsert().observed();
            path(observed.kind(), observed.clusterArn()).ifPresent(EventPath::eventArrived);
        } else if (reading instanceof ParsedBody.Hint hint) {
            hint.clusterArn().flatMap(cluster -> path(hint.kind(), cluster)).ifPresent(EventPath::eventArrived);
        }
    }

    /** Notes changes that the store has taken in, from events and from passes. */
    synchronized void applied(List<Applied> applied) {
        for (Applied each : applied) {
            foundIn(each)
                    .flatMap(cluster -> path(each.change().kind(), cluster))
                    .ifPresent(EventPath::found);
        }
    }

    /** A listener that notes each report and then passes it on to the next listener. */
    Consumer<ReconcileReport> before(Consumer<ReconcileReport> next) {
        return report -> {
            reconciled(report);
            next.accept(report);
        };
    }

    /** Notes the end of a pass. */
    synchronized void reconciled(ReconcileReport report) {
        long now = time.nanos();
        Snapshot snapshot = store.snapshot();
        long since = isListening(now) ? listeningSince : now;
        for (Map.Entry<EntityKind<?>, Map<String, EventPath>> each : paths.entrySet()) {
            EventPath path = each.getValue().computeIfAbsent(report.clusterArn(), cluster -> new EventPath());
            noteEventsOfOthers(path, each.getKey(), report.clusterArn(), snapshot);
            path.passed(now, since, snapshot.revision());
        }
    }

    /** The present problems, each in one sentence. */
    synchronized List<String> problems() {
        List<String> problems = new ArrayList<>(subscriptions.problems(time.nanos()));
        problems.addAll(problemsOfPaths());
        return problems;
    }

    /** Logs each new problem once. */
    synchronized void look() {
        Snapshot snapshot = store.snapshot();
        paths.values().forEach(ofKind -> ofKind.keySet().removeIf(cluster -> !isThere(cluster, snapshot)));
        Set<String> now = new HashSet<>();
        for (String problem : problemsOfPaths()) {
            String topic = problem.replaceAll("\\d+", ""); // numbers grow
            now.add(topic);
            if (!logged.contains(topic)) {
                LOG.warn("{}", problem);
            }
        }
        logged = now;
    }

    private List<String> problemsOfPaths() {
        long now = time.nanos();
        List<String> problems = new ArrayList<>();
        if (isListening(now) && leads()) {
            paths.forEach((kind, ofKind) -> silent(kind, ofKind, now).ifPresent(problems::add));
        }
        share.problem(now).ifPresent(problems::add);
        trend.problem(now).ifPresent(problems::add);
        return problems;
    }

    private Optional<String> silent(EntityKind<?> kind, Map<String, EventPath> ofKind, long now) {
        Snapshot snapshot = store.snapshot();
        int unreported = 0;
        List<String> clusters = new ArrayList<>();
        for (Map.Entry<String, EventPath> each : ofKind.entrySet()) {
            int changes = unreported(each.getValue(), kind, each.getKey(), now, snapshot);
            if (changes > 0) {
                unreported += changes;
                clusters.add(each.getKey());
            }
        }
        return clusters.isEmpty() ? Optional.empty() : Optional.of(text(kind, clusters, unreported));
    }

    private int unreported(EventPath path, EntityKind<?> kind, String clusterArn, long now, Snapshot snapshot) {
        if (path.unreported(now, caughtUpTo) == 0 || !isThere(clusterArn, snapshot)) {
            return 0;
        }
        noteEventsOfOthers(path, kind, clusterArn, snapshot);
        return path.unreported(now, caughtUpTo);
    }

    private static String text(EntityKind<?> kind, List<String> clusters, int unreported) {
        int more = clusters.size() - NAMED;
        String named = String.join(", ", clusters.subList(0, Math.min(NAMED, clusters.size())));
        return kind + " events of " + named + (more > 0 ? " and " + more + " more" : "")
                + " do not reach this queue: passes found " + unreported
                + " changes that no event has reported (expected: a rule for the source aws.ecs and the detail-type \""
                + (kind == EntityKind.TASK ? "ECS Task State Change" : "ECS Container Instance State Change")
                + "\" with this queue as its target, a queue policy that permits the rule to send,"
                + " and no other consumer of the queue)";
    }

    /** Notes events that other processes received: on a shared store, their changes show in the store. */
    private static void noteEventsOfOthers(EventPath path, EntityKind<?> kind, String clusterArn, Snapshot snapshot) {
        if (path.isDoubtful()
                && snapshot.query(kind)
                        .in(clusterArn)
                        .observed()
                        .anyMatch(each -> each.origin() == Origin.EVENT && each.revision() > path.revision())) {
            path.eventArrived();
        }
    }

    private boolean leads() {
        return store.coordination()
                .map(coordination -> coordination.term() != 0)
                .orElse(true);
    }

    private boolean isListening(long now) {
        return polledAt != null && now - polledAt <= Loop.LONGEST_SILENCE.toNanos();
    }

    private Optional<EventPath> path(EntityKind<?> kind, String clusterArn) {
        return Optional.ofNullable(paths.get(kind)).map(ofKind -> ofKind.get(clusterArn));
    }

    private static boolean isThere(String clusterArn, Snapshot snapshot) {
        return snapshot.observed(EntityKind.CLUSTER, clusterArn)
                .filter(cluster -> !cluster.hasEnded())
                .isPresent();
    }

    /**
     * The cluster in which a pass has found this change; empty if the change is of another origin, or events carry no
     * such change.
     */
    private static Optional<String> foundIn(Applied applied) {
        if (applied.change() instanceof Upsert<?> upsert) {
            boolean isNews = applied.outcome() == Outcome.ADDED || applied.outcome() == Outcome.UPDATED;
            return isNews && upsert.observed().origin() == Origin.RECONCILE
                    ? Optional.of(upsert.observed().clusterArn())
                    : Optional.empty();
        }
        Removal<?> removal = (Removal<?>) applied.change();
        boolean isGone = applied.outcome() == Outcome.REMOVED && removal.reason() == Removal.Reason.MISSING;
        return isGone ? Optional.of(removal.clusterArn()) : Optional.empty();
    }

    private static Duration waitOf(Delivery delivery) {
        Duration wait = Duration.between(delivery.sentAt().orElseThrow(), delivery.receivedAt());
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
