package io.clusterstate.benchmarks;

import java.util.stream.IntStream;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The tasks of a measurement, as events describe them: all in one cluster, each with values of its own. Ten are
 * pending, 1 % deactivating and 1 % stopped, the rest running.
 */
final class GrowingTasks {

    /** The number of pending tasks, whatever the size. */
    static final int PENDING = 10;

    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
    private final int size;

    GrowingTasks(int size) {
        this.size = size;
    }

    /** Uses all cores, since nothing is measured here. */
    Task[] values() {
        return IntStream.range(0, size).parallel().mapToObj(this::value).toArray(Task[]::new);
    }

    Task value(int number) {
        return (Task) SampleChanges.of(samples.event(number, statusOf(number)))
                .observed()
                .value();
    }

    private TaskStatus statusOf(int number) {
        if (number % (size / PENDING) == 1) {
            return TaskStatus.PENDING;
        }
        return switch (number % 100) {
            case 0 -> TaskStatus.DEACTIVATING;
            case 50 -> TaskStatus.STOPPED;
            default -> TaskStatus.RUNNING;
        };
    }

    /** Keys to look up. */
    LookupKeys keys() {
        return new LookupKeys(size, samples::arn);
    }
}
