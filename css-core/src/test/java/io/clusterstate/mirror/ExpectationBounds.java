package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Snapshot;
import io.clusterstate.simulator.Truth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Task;

/** The bounds of the overlay, derived from the actions of a host. They share no code with the library. */
final class ExpectationBounds {

    /** Room that is reserved for a call whose outcome is not concluded; the task, once the test knows it. */
    static final class Held {
        final String instance;
        final int cpu;
        final int memory;
        final Set<String> tasks = new HashSet<>();

        Held(String instance, int cpu, int memory) {
            this.instance = instance;
            this.cpu = cpu;
            this.memory = memory;
        }
    }

    private static final List<String> NAMES = List.of("CPU", "MEMORY");

    /** The tasks of this host that it has noted. */
    final Set<String> noted = new HashSet<>();

    final Set<String> stopping = new HashSet<>();
    final List<Held> held = new ArrayList<>();
    /** Whether others start tasks as well; only what this host has taken is certain then. */
    boolean hasOthers;

    private final Map<String, Integer> tolerance = new HashMap<>();
    private long checks;
    private long tight;

    long checks() {
        return checks;
    }

    long tight() {
        return tight;
    }

    /** Notes that the host acts on an instance: what the view cannot explain now may be counted beside it. */
    void acts(String instanceArn, Snapshot view, Truth truth) {
        ContainerInstance reported = view.instance(instanceArn).orElseThrow();
        for (String name : NAMES) {
            int live = view.tasks().onInstance(instanceArn).stream()
                    .filter(ExpectationBounds::isLive)
                    .mapToInt(task -> size(task, name))
                    .sum();
            int gap = number(reported.registeredResources(), name) - live - number(reported.remainingResources(), name);
            tolerance.merge(instanceArn + name, Math.max(0, gap), Math::max);
        }
    }

    void check(String when, Snapshot laid, Snapshot view, Truth truth) {
        for (ContainerInstance instance : truth.instances()) {
            for (String name : NAMES) {
                check(when, instance, name, laid, view, truth);
            }
        }
        checkTasks(when, laid, view, truth);
    }

    private void check(
            String when, ContainerInstance instance, String name, Snapshot laid, Snapshot view, Truth truth) {
        String arn = instance.containerInstanceArn();
        int registered = number(instance.registeredResources(), name);
        int shown = number(laid.instance(arn).orElseThrow().remainingResources(), name);
        int most = hasOthers
                ? registered - own(arn, name, truth)
                : number(instance.remainingResources(), name) - heldWithoutTask(arn, name, truth);
        assertTrue(
                shown <= Math.max(0, most),
                () -> when + ": " + name + " " + shown + " free on " + arn + " (expected: at most " + most + ")");
        int reported = number(view.instance(arn).orElseThrow().remainingResources(), name);
        int slack = tolerance.getOrDefault(arn + name, 0);
        int least = Math.min(reported, registered - everything(arn, name, view, truth))
                - heldWithoutTask(arn, name, truth)
                - slack;
        assertTrue(
                shown >= least,
                () -> when + ": " + name + " " + shown + " free on " + arn + " (expected: at least " + least + ")");
        checks++;
        tight += slack == 0 ? 1 : 0;
    }

    /** The resources that the host has taken: by its noted tasks that are live in ECS, and by its reservations. */
    private int own(String arn, String name, Truth truth) {
        int tasks = truth.tasks().stream()
                .filter(task -> arn.equals(task.containerInstanceArn()) && isLive(task))
                .filter(task -> noted.contains(task.taskArn()))
                .mapToInt(task -> size(task, name))
                .sum();
        return tasks
                + held.stream()
                        .filter(room -> room.instance.equals(arn))
                        .mapToInt(room -> of(room, name))
                        .sum();
    }

    /** The resources that are reserved for calls without a task in ECS, or whose task has stopped unseen. */
    private int heldWithoutTask(String arn, String name, Truth truth) {
        Set<String> known = new HashSet<>();
        truth.tasks().forEach(task -> known.add(task.taskArn()));
        return held.stream()
                .filter(room -> room.instance.equals(arn))
                .filter(room -> room.tasks.stream().noneMatch(known::contains))
                .mapToInt(room -> of(room, name))
                .sum();
    }

    /** All that is live in ECS or in the view, each task once. */
    private static int everything(String arn, String name, Snapshot view, Truth truth) {
        Map<String, Task> all = new HashMap<>();
        truth.tasks().stream()
                .filter(task -> arn.equals(task.containerInstanceArn()))
                .filter(task -> isLive(task)
                        || view.task(task.taskArn())
                                .map(ExpectationBounds::isLive)
                                .orElse(true))
                .forEach(task -> all.put(task.taskArn(), task));
        return all.values().stream().mapToInt(task -> size(task, name)).sum();
    }

    private void checkTasks(String when, Snapshot laid, Snapshot view, Truth truth) {
        Map<String, Task> live = new HashMap<>();
        truth.tasks().stream().filter(ExpectationBounds::isLive).forEach(task -> live.put(task.taskArn(), task));
        for (String arn : noted) {
            assertTrue(laid.task(arn).isPresent(), () -> when + ": " + arn + " is not there");
        }
        for (String arn : stopping) {
            assertEquals(
                    "STOPPED",
                    laid.task(arn).map(Task::desiredStatus).orElse("STOPPED"),
                    () -> when + ": " + arn + ", in the view " + view.task(arn));
        }
        assertEquals(
                laid.tasks().count(),
                laid.tasks().stream().map(Task::taskArn).distinct().count(),
                when);
    }

    private static int of(Held room, String name) {
        return name.equals("CPU") ? room.cpu : room.memory;
    }

    private static boolean isLive(Task task) {
        return !"STOPPED".equals(task.lastStatus());
    }

    private static int size(Task task, String name) {
        String size = name.equals("CPU") ? task.cpu() : task.memory();
        return size == null ? 0 : Integer.parseInt(size);
    }

    private static int number(List<Resource> resources, String name) {
        return resources.stream()
                .filter(resource -> name.equals(resource.name()))
                .mapToInt(Resource::integerValue)
                .sum();
    }
}
