package io.clusterstate.etcd;

import io.clusterstate.Snapshot;
import io.clusterstate.simulator.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** Compares what is shown with the simulator's truth: which entities there are, in which versions and states. */
final class Truths {

    private Truths() {}

    /** What is different, in words; nothing if the two are equal. */
    static List<String> differences(Snapshot snapshot, Truth truth) {
        List<String> differences = new ArrayList<>();
        compare(differences, truth.tasks(), snapshot.tasks().list(), Truths::outline);
        compare(differences, truth.instances(), snapshot.instances().list(), Truths::outline);
        compare(differences, truth.services(), snapshot.services().list(), Truths::outline);
        compare(differences, truth.clusters(), snapshot.clusters().list(), Cluster::clusterArn);
        return differences;
    }

    private static String outline(Task task) {
        return task.taskArn() + " version " + task.version() + " " + task.lastStatus() + " wanted "
                + task.desiredStatus();
    }

    private static String outline(ContainerInstance instance) {
        return instance.containerInstanceArn() + " version " + instance.version() + " " + instance.status();
    }

    private static String outline(Service service) {
        return service.serviceArn() + " " + service.status() + " " + service.desiredCount() + " of "
                + service.taskDefinition();
    }

    private static <T> void compare(
            List<String> differences, List<T> truth, List<T> shown, Function<T, String> outline) {
        Set<String> expected = truth.stream().map(outline).collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = shown.stream().map(outline).collect(Collectors.toCollection(TreeSet::new));
        expected.stream().filter(each -> !found.contains(each)).forEach(each -> differences.add("not shown: " + each));
        found.stream().filter(each -> !expected.contains(each)).forEach(each -> differences.add("not true: " + each));
    }
}
