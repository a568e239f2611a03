package io.clusterstate.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ecs.model.Task;

/** Tasks whose status changes to and fro, in random order. Thread: one thread at a time. */
final class ChangingTasks {

    private final Task[] tasks;
    private final List<Integer> order;
    private int next;

    /** Takes the tasks at first; only those that run change. */
    ChangingTasks(Task[] tasks) {
        this.tasks = tasks.clone();
        this.order = IntStream.range(0, tasks.length)
                .filter(i -> "RUNNING".equals(tasks[i].lastStatus()))
                .boxed()
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(order, new Random(tasks.length));
    }

    /** New values of this many tasks, with a higher version and another status. */
    List<Task> next(int count) {
        List<Task> changed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int number = order.get(next++ % order.size());
            Task known = tasks[number];
            tasks[number] = known.toBuilder()
                    .lastStatus("RUNNING".equals(known.lastStatus()) ? "ACTIVATING" : "RUNNING")
                    .version(known.version() + 1)
                    .build();
            changed.add(tasks[number]);
        }
        return changed;
    }
}
