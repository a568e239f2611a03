package io.clusterstate.internal.expect;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The tasks in a snapshot that calls without a noted answer have started, by their {@code startedBy}.
 *
 * @param byHold the tasks of each hold that has any; more than one if the SDK repeated the call
 */
record Found(Map<Long, List<Observed<Task>>> byHold) {

    /** The greatest difference between the clocks of ECS and of this host. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    /** Finds the tasks; each belongs to one hold at most. */
    static Found in(Snapshot base, Ledger ledger) {
        Map<Long, List<Observed<Task>>> byHold = new HashMap<>();
        Set<String> claimed = new HashSet<>();
        ledger.holds().values().stream()
                .filter(hold -> hold.mark() != null)
                .sorted(Comparator.comparingLong(Hold::id))
                .forEach(hold -> {
                    List<Observed<Task>> tasks = find(base, ledger, hold, claimed);
                    if (!tasks.isEmpty()) {
                        tasks.forEach(task -> claimed.add(task.arn()));
                        byHold.put(hold.id(), tasks);
                    }
                });
        return new Found(byHold);
    }

    private static List<Observed<Task>> find(Snapshot base, Ledger ledger, Hold hold, Set<String> claimed) {
        return base.tasks()
                .in(hold.cluster())
                .startedBy(Objects.requireNonNull(hold.mark()))
                .observed()
                .filter(task -> !claimed.contains(task.arn()))
                .filter(task -> isOf(hold, task))
                .filter(task -> !ledger.hasLaunched(task.arn(), task.value().containerInstanceArn()))
                .toList();
    }

    /** Whether a task with the hold's mark is a task of its call, and not of an earlier one. */
    private static boolean isOf(Hold hold, Observed<Task> task) {
        String instance = task.value().containerInstanceArn();
        if (hold.instanceArn() != null && !hold.instanceArn().equals(instance)) {
            return false;
        }
        Instant createdAt = task.value().createdAt();
        boolean isOfThePast =
                createdAt != null && createdAt.isBefore(hold.noted().at().minus(SKEW));
        return !(task.hasEnded() && isOfThePast)
                && hold.before().observed(EntityKind.TASK, task.arn()).isEmpty();
    }

    /** The tasks of a hold's call; none if the snapshot has none. */
    List<Observed<Task>> of(Hold hold) {
        return byHold.getOrDefault(hold.id(), List.of());
    }
}
