package io.clusterstate.internal.expect;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.shape.Canonical;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** Enters a host's actions into a ledger. Pure functions. */
final class Entry {

    private Entry() {}

    static Launch launch(Task task, Noted noted) {
        Task canonical = Canonical.of(Task.class, task);
        String arn = EntityKind.TASK.arnOf(canonical);
        String clusterArn = Optional.ofNullable(canonical.clusterArn())
                .or(() -> EcsArn.parse(arn).flatMap(EcsArn::clusterArn))
                .orElseThrow(() -> new IllegalArgumentException(
                        "clusterArn: null in the answer about " + arn + " (expected: the ARN of its cluster)"));
        return new Launch(
                Observed.of(EntityKind.TASK, clusterArn, canonical, Origin.DESCRIBE, noted.at()), noted, false);
    }

    static Ledger reserved(Ledger open, Snapshot base, Hold hold, Noted now) {
        String instanceArn = String.valueOf(hold.instanceArn());
        Watch watch = open.watch(instanceArn).orElseGet(() -> watch(base, instanceArn, hold.cluster(), List.of(), now));
        return open.with(hold).with(watch.at(versionOf(base, instanceArn)));
    }

    /** Enters a started task. The watch on its instance begins with it, if no reservation came before. */
    static Ledger launched(Ledger open, Snapshot base, Launch launch, Footprint needs, Noted now) {
        return open.hasLaunched(launch.arn(), launch.instanceArn())
                ? open
                : own(open.with(launch), base, launch.row(), needs, now);
    }

    /** Replaces a hold by the tasks that the view shows of its call. */
    static Ledger found(Ledger open, Snapshot base, Hold hold, List<Observed<Task>> tasks, Noted now) {
        Ledger next = open.without(hold);
        Footprint needs = hold.needs();
        for (Observed<Task> task : tasks) {
            next = own(next, base, task, needs, now);
            needs = Footprint.NONE;
        }
        return next;
    }

    /** Watches the instance of a task that this process has started. */
    private static Ledger own(Ledger open, Snapshot base, Observed<Task> task, Footprint needs, Noted now) {
        String instanceArn = task.value().containerInstanceArn();
        if (instanceArn == null) {
            return open;
        }
        Watch watch = open.watch(instanceArn)
                .orElseGet(() -> watch(base, instanceArn, task.clusterArn(), List.of(task), now)
                        .at(versionOf(base, instanceArn)));
        return open.with(watch.with(task.arn(), needs).until(now.nanos() + Settling.WATCHED.toNanos()));
    }

    /** Replaces a hold by the tasks that its call has started; the first on its instance takes what was reserved. */
    static Ledger concluded(Ledger open, Snapshot base, long id, List<Launch> launches, Noted now) {
        Hold hold = open.holds().get(id);
        Footprint needs = hold == null ? Footprint.NONE : hold.needs();
        Ledger next = hold == null ? open : open.without(hold);
        for (Launch launch : launches) {
            boolean isHeldFor = hold != null && hold.instanceArn() != null && launch.isOn(hold.instanceArn());
            next = launched(next, base, launch, isHeldFor ? needs : Footprint.NONE, now);
            needs = isHeldFor ? Footprint.NONE : needs;
        }
        return next;
    }

    static Ledger stopping(Ledger open, Snapshot base, String arn, Noted now) {
        EcsArn parsed = EcsArn.parse(arn)
                .filter(each -> each.type().equals("task"))
                .orElseThrow(() -> new IllegalArgumentException("taskArn: " + arn + " (expected: a task's ARN)"));
        String clusterArn = base.observed(EntityKind.TASK, arn)
                .map(Observed::clusterArn)
                .or(() -> Optional.ofNullable(open.launches().get(arn))
                        .map(it -> it.row().clusterArn()))
                .or(parsed::clusterArn)
                .orElse("");
        return open.with(new Stop(arn, clusterArn, now, false));
    }

    private static long versionOf(Snapshot base, String instanceArn) {
        return base.observed(EntityKind.INSTANCE, instanceArn)
                .map(Observed::version)
                .orElse(0L);
    }

    /**
     * Begins to watch an instance. The part of its report that no task explains is taken by others. A task that was
     * started without a reservation explains a part of the report only if the report came after the start.
     */
    private static Watch watch(
            Snapshot base, String instanceArn, String clusterArn, List<Observed<Task>> started, Noted now) {
        long until = now.nanos() + Settling.WATCHED.toNanos();
        Watch empty = new Watch(instanceArn, clusterArn, Map.of(), Map.of(), 0, until, false);
        Optional<Observed<ContainerInstance>> row = base.observed(EntityKind.INSTANCE, instanceArn);
        if (row.isEmpty()) {
            return empty;
        }
        List<String> own = started.stream().map(Observed::arn).toList();
        Taken explained = new Taken();
        Stream.concat(
                        InstanceRoom.liveOn(base, empty).stream().filter(task -> !own.contains(task.taskArn())),
                        started.stream().map(Observed::value).filter(task -> isReportedIn(row.get(), task.createdAt())))
                .forEach(task -> explained.add(TaskFootprint.of(task)));
        return empty.gap(InstanceRoom.gap(row.get().value(), explained));
    }

    private static boolean isReportedIn(Observed<ContainerInstance> row, @Nullable Instant createdAt) {
        return createdAt == null || row.observedAt().isAfter(createdAt);
    }
}
