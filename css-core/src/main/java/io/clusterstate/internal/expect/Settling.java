package io.clusterstate.internal.expect;

import io.clusterstate.EntityKind;
import io.clusterstate.Expectations;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Ends the expectations of a ledger that a snapshot of the view fulfils, or whose time is over.
 *
 * <p>Thread: one thread; the ledgers are immutable.
 */
final class Settling {

    /** The time of an expectation, and of ECS's answer about it after that. */
    static final Duration LIMIT = Duration.ofMinutes(2);
    /** The time for which events of an instance may come after that of the last start on it. */
    static final Duration WATCHED = Duration.ofSeconds(30);

    /** A start or stop that may have to make room. */
    private record Oldest(Noted noted, String what, UnaryOperator<Ledger> end) {}

    private final Snapshot base;
    private final Noted now;
    private final boolean asks;
    private final List<String> dropped = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private Ledger ledger;

    /**
     * Starts with a ledger.
     *
     * @param asks whether somebody asks ECS what is due
     */
    Settling(Ledger ledger, Snapshot base, Noted now, boolean asks) {
        this.ledger = ledger;
        this.base = base;
        this.now = now;
        this.asks = asks;
    }

    /** The ledger of what remains open. */
    Ledger settled() {
        ledger.launches().values().forEach(this::settle);
        ledger.stops().values().forEach(this::settle);
        Found found = Found.in(base, ledger);
        ledger.holds().values().forEach(hold -> settle(hold, found));
        makeRoom();
        Found left = Found.in(base, ledger);
        ByInstance open = ByInstance.of(ledger);
        ledger.watches().values().forEach(watch -> settle(watch, open, left));
        return ledger;
    }

    /** Drops the oldest starts and stops if there are too many; a host that never reads would collect them. */
    private void makeRoom() {
        int surplus = ledger.size() - Expectations.MOST;
        if (surplus > 0) {
            Stream.concat(
                            ledger.launches().values().stream()
                                    .map(it -> new Oldest(
                                            it.noted(), "started task " + it.arn(), left -> left.without(it))),
                            ledger.stops().values().stream()
                                    .map(it -> new Oldest(
                                            it.noted(), "stop of task " + it.arn(), left -> left.without(it))))
                    .sorted((one, other) -> Long.signum(one.noted.nanos() - other.noted.nanos()))
                    .limit(surplus)
                    .forEach(oldest -> {
                        ledger = oldest.end.apply(ledger);
                        dropped.add(oldest.what + ": the oldest of more than " + Expectations.MOST);
                    });
        }
    }

    /** The expectations that are dropped without an outcome, in words. */
    List<String> dropped() {
        return dropped;
    }

    /** The calls that have started nothing, by ECS's lists, in words. */
    List<String> refused() {
        return refused;
    }

    private void settle(Launch launch) {
        Optional<Observed<Task>> shown = base.observed(EntityKind.TASK, launch.arn());
        if (shown.filter(task -> task.version() >= launch.row().version() || task.hasEnded())
                .isPresent()) {
            ledger = ledger.without(launch);
            extend(launch.instanceArn());
        } else if (isTooOld(launch.noted(), launch.wasAsked())) {
            ledger = ledger.without(launch);
            dropped.add("started task " + launch.arn() + ": not in the view after " + LIMIT.toSeconds() + " s");
        }
    }

    private void settle(Stop stop) {
        Optional<Observed<Task>> shown = base.observed(EntityKind.TASK, stop.arn());
        if (shown.filter(Settling::isStopping).isPresent()) {
            ledger = ledger.without(stop);
        } else if (isTooOld(stop.noted(), stop.wasAsked())) {
            ledger = ledger.without(stop);
            dropped.add("stop of task " + stop.arn() + ": not in the view after " + LIMIT.toSeconds() + " s");
        }
    }

    private static boolean isStopping(Observed<Task> task) {
        return task.hasEnded() || "STOPPED".equals(task.value().desiredStatus());
    }

    /** Whether an expectation is past its time and ECS was asked about it. Time alone ends it if nobody asks. */
    private boolean isTooOld(Noted noted, boolean wasAsked) {
        return noted.isOlderThan(LIMIT, now.nanos()) && (!asks || wasAsked);
    }

    private void settle(Hold hold, Found found) {
        List<Observed<Task>> tasks = found.of(hold);
        Hold.Asking asking = hold.asking();
        if (asking == null) {
            giveUp(hold);
        } else if (!tasks.isEmpty() && (hold.instanceArn() != null || !asks || asking.lists() > 0)) {
            ledger = Entry.found(ledger, base, hold, tasks, now);
        } else if (asking.lists() >= Hold.LISTS) {
            ledger = ledger.without(hold);
            refused.add("call with startedBy " + hold.mark() + ": ECS lists no task of it");
        } else if (isUnanswered(asking)) {
            ledger = ledger.without(hold);
            dropped.add("call with startedBy " + hold.mark() + ": no outcome after " + LIMIT.toSeconds() + " s");
        }
    }

    /** Whether ECS has not answered a list for so long; each answer moves the next list. */
    private boolean isUnanswered(Hold.Asking asking) {
        return asks ? asking.isGivenUp() : now.nanos() - asking.next() - LIMIT.toNanos() >= 0;
    }

    /** Ends the wait for an answer that the host never noted. */
    private void giveUp(Hold hold) {
        if (!hold.noted().isOlderThan(LIMIT, now.nanos())) {
            return;
        }
        if (hold.mark() != null && asks) {
            ledger = ledger.with(hold.asking(now, Hold.Asking.from(now.nanos())));
        } else {
            ledger = ledger.without(hold);
            dropped.add("reservation on " + hold.instanceArn() + ": not concluded after " + LIMIT.toSeconds() + " s");
        }
    }

    private void extend(@Nullable String instanceArn) {
        ledger.watch(instanceArn).ifPresent(watch -> {
            ledger = ledger.with(watch.until(now.nanos() + WATCHED.toNanos()));
        });
    }

    private void settle(Watch watch, ByInstance open, Found found) {
        Optional<Observed<ContainerInstance>> row = base.observed(EntityKind.INSTANCE, watch.arn());
        InstanceRoom room = row.map(each -> new InstanceRoom(base, open, watch, each.value(), found))
                .orElse(null);
        if (isOver(open, watch, now.nanos())
                && (room == null
                        || watch.own().isEmpty()
                        || watch.wasAsked()
                        || (row.get().version() > watch.version() && room.isExplained())
                        || (!asks && now.nanos() - watch.until() - LIMIT.toNanos() >= 0))) {
            ledger = ledger.without(watch);
        } else if (room != null) {
            Map<String, Long> gap = room.gap();
            ledger = gap.equals(watch.gap()) ? ledger : ledger.with(watch.gap(gap));
        }
    }

    /** Whether nothing is open on an instance, and events of the last start on it had their time. */
    static boolean isOver(ByInstance open, Watch watch, long now) {
        return (now - watch.until() >= 0 || watch.own().isEmpty())
                && open.holdsOn(watch.arn()).isEmpty()
                && open.launchesOn(watch.arn()).isEmpty();
    }
}
