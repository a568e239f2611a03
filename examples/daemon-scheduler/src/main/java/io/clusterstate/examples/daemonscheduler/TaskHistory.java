package io.clusterstate.examples.daemonscheduler;

import static java.util.stream.Collectors.groupingBy;

import io.clusterstate.simulator.Truth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The lives of a daemon's tasks, from the simulator's truth and from no view. A task lives from its creation until it
 * is STOPPED, or until the truth lacks it.
 *
 * <p>Thread: safe for any thread.
 */
final class TaskHistory {

    /**
     * A life.
     *
     * @param task the task as it was last seen
     * @param goneAt when the truth first lacked it; {@link Instant#MAX} while it has it
     */
    private record Life(Task task, Instant goneAt) {

        Instant end() {
            Instant stoppedAt = task.stoppedAt() == null ? Instant.MAX : task.stoppedAt();
            return stoppedAt.isBefore(goneAt) ? stoppedAt : goneAt;
        }

        boolean overlaps(Life other) {
            return task.createdAt().isBefore(other.end())
                    && other.task().createdAt().isBefore(end());
        }
    }

    private final Predicate<Task> isOwn;
    private final Map<String, Life> lives = new LinkedHashMap<>();

    TaskHistory(Predicate<Task> isOwn) {
        this.isOwn = isOwn;
    }

    /** Takes in a later truth. The simulator keeps ended tasks for an hour; only lost ones need a look often. */
    synchronized void add(Truth truth) {
        Set<String> present = new HashSet<>();
        truth.tasks().stream().filter(isOwn).forEach(task -> {
            present.add(task.taskArn());
            lives.put(task.taskArn(), new Life(task, Instant.MAX));
        });
        lives.replaceAll((arn, life) -> present.contains(arn) || life.goneAt().isBefore(Instant.MAX)
                ? life
                : new Life(life.task(), truth.at()));
    }

    synchronized int launches() {
        return lives.size();
    }

    /** The pairs of tasks that lived on one instance at one moment. */
    synchronized List<String> doubles() {
        List<String> doubles = new ArrayList<>();
        lives.values().stream()
                .collect(groupingBy(life -> life.task().containerInstanceArn()))
                .forEach((instance, all) -> {
                    for (int i = 0; i < all.size(); i++) {
                        for (Life later : all.subList(i + 1, all.size())) {
                            if (all.get(i).overlaps(later)) {
                                doubles.add(instance + ": " + all.get(i) + " and " + later);
                            }
                        }
                    }
                });
        return doubles;
    }
}
