package io.clusterstate;

import io.clusterstate.ecs.EcsArn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** Waits until all of some tasks run, or have stopped. */
final class TaskWait implements Wait<List<Task>> {

    /** The number of tasks that a timeout names. */
    private static final int NAMED = 5;

    private static final String EXAMPLE = "arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID";

    private enum Goal {
        RUNNING,
        STOPPED
    }

    private final Goal goal;
    private final Set<String> arns;

    private TaskWait(Goal goal, Collection<String> arns) {
        this.goal = goal;
        this.arns = checked(arns);
    }

    static TaskWait untilRunning(Collection<String> taskArns) {
        return new TaskWait(Goal.RUNNING, taskArns);
    }

    static TaskWait untilStopped(Collection<String> taskArns) {
        return new TaskWait(Goal.STOPPED, taskArns);
    }

    private static Set<String> checked(Collection<String> arns) {
        if (arns.isEmpty()) {
            throw new IllegalArgumentException("taskArns: empty (expected: at least one, as " + EXAMPLE + ")");
        }
        Set<String> checked = new LinkedHashSet<>();
        for (String arn : arns) {
            if (arn == null || !EcsArn.isOf("task", arn)) {
                throw new IllegalArgumentException(
                        "taskArns: " + arn + " (expected: a task's ARN, as " + EXAMPLE + ")");
            }
            if (!checked.add(arn)) {
                throw new IllegalArgumentException("taskArns: " + arn + " twice (expected: each ARN once)");
            }
        }
        return checked;
    }

    @Override
    public Collection<String> arns() {
        return arns;
    }

    @Override
    public @Nullable List<Task> test(Snapshot snapshot) {
        List<Task> reached = new ArrayList<>();
        for (String arn : arns) {
            Optional<Task> task = latest(snapshot, arn);
            task.ifPresentOrElse(this::requirePossible, () -> requireNotLost(snapshot, arn));
            task.filter(this::isReached).ifPresent(reached::add);
        }
        return reached.size() == arns.size() ? List.copyOf(reached) : null;
    }

    /** The present value, or the last one of a task that had stopped before its removal. */
    private static Optional<Task> latest(Snapshot snapshot, String arn) {
        return snapshot.task(arn).or(() -> snapshot.removed(arn)
                .filter(removed -> removed.last().hasEnded())
                .map(removed -> (Task) removed.last().value()));
    }

    private void requireNotLost(Snapshot snapshot, String arn) {
        snapshot.removed(arn).ifPresent(removed -> {
            throw WaitFailedException.removed(removed, goal + "; its end was not seen");
        });
    }

    private void requirePossible(Task task) {
        if (goal == Goal.RUNNING && EntityKind.TASK.hasEnded(task)) {
            throw new TaskStoppedException(task);
        }
    }

    /** A task that is stopping is on its way to STOPPED, although it still runs. */
    private boolean isReached(Task task) {
        return goal == Goal.STOPPED
                ? EntityKind.TASK.hasEnded(task)
                : "RUNNING".equals(task.lastStatus()) && !"STOPPED".equals(task.desiredStatus());
    }

    @Override
    public String missing() {
        return goal == Goal.RUNNING ? "not all running" : "not all stopped";
    }

    @Override
    public String state(Snapshot snapshot) {
        List<String> left = arns.stream()
                .filter(arn -> latest(snapshot, arn).filter(this::isReached).isEmpty())
                .toList();
        String named = left.stream()
                .limit(NAMED)
                .map(arn -> arn + ": " + stateOf(snapshot, arn))
                .collect(Collectors.joining(", "));
        return named + (left.size() > NAMED ? ", and " + (left.size() - NAMED) + " more" : "");
    }

    private static String stateOf(Snapshot snapshot, String arn) {
        return snapshot.task(arn)
                .map(task ->
                        "STOPPED".equals(task.desiredStatus()) ? task.lastStatus() + ", stopping" : task.lastStatus())
                .orElse("not seen yet");
    }
}
