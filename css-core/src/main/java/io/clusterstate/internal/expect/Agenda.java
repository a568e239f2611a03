package io.clusterstate.internal.expect;

import io.clusterstate.EntityKind;
import io.clusterstate.Snapshot;
import io.clusterstate.internal.expect.Inquiry.StartedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Collects the inquiry about a ledger that is due, and notes the answers. Pure functions. */
final class Agenda {

    private Agenda() {}

    /** The inquiry that is due. */
    static Inquiry due(Ledger ledger, Snapshot base, long now) {
        Map<String, List<String>> tasks = new HashMap<>();
        ledger.launches().values().stream()
                .filter(launch -> !launch.wasAsked() && launch.noted().isOlderThan(Settling.LIMIT, now))
                .forEach(launch -> add(tasks, launch.row().clusterArn(), launch.arn()));
        ledger.stops().values().stream()
                .filter(stop -> !stop.wasAsked() && stop.noted().isOlderThan(Settling.LIMIT, now))
                .forEach(stop -> add(tasks, stop.clusterArn(), stop.arn()));
        Map<String, List<String>> instances = new HashMap<>();
        ByInstance open = ByInstance.of(ledger);
        ledger.watches().values().stream()
                .filter(watch -> isDoubtful(open, watch, base, now))
                .forEach(watch -> add(instances, watch.clusterArn(), watch.arn()));
        List<StartedBy> lists = ledger.holds().values().stream()
                .filter(hold -> hold.asking() != null && hold.asking().next() - now <= 0)
                .map(hold -> new StartedBy(hold.id(), hold.cluster(), String.valueOf(hold.mark())))
                .toList();
        return new Inquiry(tasks, instances, lists);
    }

    private static boolean isDoubtful(ByInstance open, Watch watch, Snapshot base, long now) {
        return !watch.wasAsked()
                && Settling.isOver(open, watch, now)
                && base.observed(EntityKind.INSTANCE, watch.arn()).isPresent();
    }

    private static void add(Map<String, List<String>> byCluster, String clusterArn, String arn) {
        byCluster.computeIfAbsent(clusterArn, each -> new ArrayList<>()).add(arn);
    }

    /** The ledger after ECS has answered. */
    static Ledger answered(Ledger ledger, Inquiry inquiry, long now) {
        Ledger next = ledger;
        for (String arn :
                inquiry.tasks().values().stream().flatMap(List::stream).toList()) {
            Launch launch = next.launches().get(arn);
            Stop stop = next.stops().get(arn);
            next = launch == null ? next : next.with(launch.asked());
            next = stop == null ? next : next.with(stop.asked());
        }
        ByInstance open = ByInstance.of(ledger);
        for (String arn :
                inquiry.instances().values().stream().flatMap(List::stream).toList()) {
            Watch watch = next.watches().get(arn);
            next = watch == null || !Settling.isOver(open, watch, now) ? next : next.with(watch.asked());
        }
        for (StartedBy list : inquiry.lists()) {
            Hold hold = next.holds().get(list.id());
            next = hold == null || hold.asking() == null
                    ? next
                    : next.with(hold.asking(hold.noted(), hold.asking().again(now)));
        }
        return next;
    }

    /** The ledger after ECS has not answered, for as long again as an expectation has time. */
    static Ledger unanswered(Ledger ledger, Inquiry inquiry, long now) {
        long longAgo = now - Settling.LIMIT.multipliedBy(2).toNanos();
        Ledger next = ledger;
        for (String arn :
                inquiry.tasks().values().stream().flatMap(List::stream).toList()) {
            Launch launch = next.launches().get(arn);
            Stop stop = next.stops().get(arn);
            next = launch == null || launch.noted().nanos() - longAgo > 0 ? next : next.with(launch.asked());
            next = stop == null || stop.noted().nanos() - longAgo > 0 ? next : next.with(stop.asked());
        }
        for (String arn :
                inquiry.instances().values().stream().flatMap(List::stream).toList()) {
            Watch watch = next.watches().get(arn);
            next = watch == null || watch.until() - longAgo > 0 ? next : next.with(watch.asked());
        }
        for (StartedBy list : inquiry.lists()) {
            Hold hold = next.holds().get(list.id());
            next = hold == null || hold.asking() == null || hold.asking().next() - longAgo > 0
                    ? next
                    : next.with(hold.asking(hold.noted(), hold.asking().givenUp()));
        }
        return next;
    }

    /** The monotonic time at which time alone changes something next, after {@code now}. */
    static long next(Ledger ledger, long now) {
        LongStream limits = Stream.of(
                        ledger.launches().values().stream().map(Launch::noted),
                        ledger.stops().values().stream().map(Stop::noted),
                        ledger.holds().values().stream().map(Hold::noted))
                .flatMap(noted -> noted)
                .flatMapToLong(
                        noted -> LongStream.of(noted.due(Settling.LIMIT), noted.due(Settling.LIMIT.multipliedBy(2))));
        LongStream lists = ledger.holds().values().stream()
                .filter(Hold::isUnknown)
                .flatMapToLong(hold -> hold.asking() == null
                        ? LongStream.empty()
                        : LongStream.of(hold.asking().next()));
        LongStream watches = ledger.watches().values().stream()
                .flatMapToLong(watch -> LongStream.of(watch.until(), watch.until() + Settling.LIMIT.toNanos()));
        return LongStream.concat(limits, LongStream.concat(lists, watches))
                        .map(due -> due - now)
                        .filter(left -> left > 0)
                        .min()
                        .orElse(Duration.ofDays(1).toNanos())
                + now;
    }
}
