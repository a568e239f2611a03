package io.clusterstate.examples.soak;

import io.clusterstate.EntityKind;
import io.clusterstate.simulator.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The truth of a simulated account over time, by samples. A state between two samples is unknown, so every answer about
 * a moment is that of the last sample before it.
 *
 * <p>Thread: safe for any thread.
 */
final class TruthJournal {

    /** Freshness that lags further behind is not compared. */
    private static final Duration KEPT = Duration.ofMinutes(3);

    /** An event may come after its entity's tombstone is forgotten, but none comes later than this. */
    private static final Duration PAST_KEPT = MirrorSettings.KEEP_TOMBSTONES.multipliedBy(2);

    /** Ten times what the simulator replays from its archive. */
    private static final int PAST_ALWAYS_KEPT = 20_000;

    private final Supplier<Truth> truth;
    private final Map<String, Map<String, Deque<State>>> byCluster = new HashMap<>();
    private final Map<String, Deque<State>> byArn = new HashMap<>();
    /** The ARNs of the first sample: the archive has events from before the run. */
    private final Set<String> first = new HashSet<>();
    /** The ARNs of what ECS no longer has, with the time at which that was noted, the earliest first. */
    private final Map<String, Instant> past = new LinkedHashMap<>();

    private Instant begun = Instant.MAX;
    private Instant lastSample = Instant.MIN;

    /**
     * The state of an entity from a sample on.
     *
     * @param kind the kind
     * @param arn the ARN
     * @param clusterArn the cluster
     * @param version ECS's version; 0 for services and clusters
     * @param isLiving whether ECS has it, and it has not ended
     * @param from the time of the sample
     */
    record State(EntityKind<?> kind, String arn, String clusterArn, long version, boolean isLiving, Instant from) {

        boolean equalsBut(State earlier) {
            return version == earlier.version && isLiving == earlier.isLiving;
        }

        State goneAt(Instant moment) {
            return new State(kind, arn, clusterArn, version, false, moment);
        }
    }

    /**
     * An entity at an earlier moment and now.
     *
     * @param then the state at the moment
     * @param now the last state
     */
    record ThenAndNow(State then, State now) {}

    TruthJournal(Supplier<Truth> truth) {
        this.truth = truth;
    }

    /** Takes a sample. */
    synchronized void sample() {
        Truth now = truth.get();
        if (!now.at().isAfter(lastSample)) {
            return;
        }
        Set<String> present = new HashSet<>();
        states(now).forEach(state -> {
            present.add(state.arn());
            note(state);
        });
        byArn.values().stream()
                .map(Deque::getLast)
                .filter(last -> last.isLiving() && !present.contains(last.arn()))
                .toList()
                .forEach(last -> note(last.goneAt(now.at())));
        if (begun.equals(Instant.MAX)) {
            begun = now.at();
            first.addAll(present);
        }
        lastSample = now.at();
        forget(now.at());
    }

    private static List<State> states(Truth truth) {
        List<State> states = new ArrayList<>();
        truth.clusters().forEach(each -> add(states, truth, EntityKind.CLUSTER, each, each.clusterArn()));
        truth.services().forEach(each -> add(states, truth, EntityKind.SERVICE, each, each.clusterArn()));
        truth.tasks().forEach(each -> add(states, truth, EntityKind.TASK, each, each.clusterArn()));
        truth.instances()
                .forEach(each -> add(
                        states,
                        truth,
                        EntityKind.INSTANCE,
                        each,
                        Objects.requireNonNullElse(truth.clusterArnOf().get(each.containerInstanceArn()), "")));
        return states;
    }

    private static <T> void add(List<State> states, Truth truth, EntityKind<T> kind, T value, String clusterArn) {
        states.add(new State(
                kind, kind.arnOf(value), clusterArn, kind.versionOf(value), !kind.hasEnded(value), truth.at()));
    }

    private void note(State state) {
        Deque<State> history = byArn.computeIfAbsent(state.arn(), arn -> {
            Deque<State> fresh = new ArrayDeque<>(2);
            byCluster
                    .computeIfAbsent(state.clusterArn(), cluster -> new HashMap<>())
                    .put(arn, fresh);
            past.remove(arn);
            return fresh;
        });
        if (history.isEmpty() || !state.equalsBut(history.getLast())) {
            history.add(state);
        }
    }

    private void forget(Instant now) {
        Instant before = now.minus(KEPT);
        for (Iterator<Deque<State>> all = byArn.values().iterator(); all.hasNext(); ) {
            Deque<State> history = all.next();
            while (history.size() > 1 && second(history).from().isBefore(before)) {
                history.removeFirst();
            }
            State last = history.getLast();
            if (!last.isLiving() && last.from().isBefore(before)) {
                all.remove();
                byCluster.getOrDefault(last.clusterArn(), Map.of()).remove(last.arn());
                past.put(last.arn(), now);
            }
        }
        forgetPast(now.minus(PAST_KEPT));
    }

    private void forgetPast(Instant before) {
        Iterator<Instant> noted = past.values().iterator();
        while (past.size() > PAST_ALWAYS_KEPT && noted.next().isBefore(before)) {
            noted.remove();
        }
    }

    private static State second(Deque<State> history) {
        Iterator<State> states = history.iterator();
        states.next();
        return states.next();
    }

    /** Whether ECS has an entity now, and it has not ended. */
    synchronized boolean isLiving(String arn) {
        if (isLivingInLastSample(arn)) {
            sample();
        }
        return isLivingInLastSample(arn);
    }

    private boolean isLivingInLastSample(String arn) {
        Deque<State> history = byArn.get(arn);
        return history != null && history.getLast().isLiving();
    }

    /** Whether ECS has an entity, or had it at first, within the last half an hour, or as one of the last 20,000. */
    synchronized boolean hasBeen(String arn) {
        if (!isKnown(arn)) {
            sample();
        }
        return isKnown(arn);
    }

    private boolean isKnown(String arn) {
        return byArn.containsKey(arn) || past.containsKey(arn) || first.contains(arn);
    }

    /** The number of ARNs that it holds, so that a test sees them forgotten. */
    synchronized int held() {
        return byArn.size() + past.size();
    }

    /** The last known state of an entity; empty if it is unknown, or ended some minutes ago. */
    synchronized Optional<State> last(String arn) {
        return Optional.ofNullable(byArn.get(arn)).map(Deque::getLast);
    }

    /** The entities of a cluster that ECS had at a moment; empty if the journal does not reach back so far. */
    synchronized List<ThenAndNow> at(Instant moment, String clusterArn) {
        if (moment.isBefore(begun) || moment.isBefore(lastSample.minus(KEPT))) {
            return List.of();
        }
        List<ThenAndNow> found = new ArrayList<>();
        byCluster.getOrDefault(clusterArn, Map.of()).values().forEach(history -> {
            State then = stateAt(history, moment);
            if (then != null) {
                found.add(new ThenAndNow(then, history.getLast()));
            }
        });
        return found;
    }

    private static @Nullable State stateAt(Deque<State> history, Instant moment) {
        State found = null;
        for (State state : history) {
            if (state.from().isAfter(moment)) {
                return found;
            }
            found = state;
        }
        return found;
    }
}
