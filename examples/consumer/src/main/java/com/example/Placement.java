package com.example;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Snapshot;
import java.util.Comparator;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** Picks, of the container instances with enough room, the one with the fewest tasks that should run. */
record Placement(ClusterStateView view) {

    Optional<String> pick(String cluster, int cpu, int memory) {
        Snapshot now = view.snapshot();
        var roomy = now.instances().in(cluster).placeable().withFree(cpu(cpu), memory(memory)).list();
        return roomy.stream()
                .map(ContainerInstance::containerInstanceArn)
                .min(Comparator.comparingInt(arn -> tasksOn(arn, now)));
    }

    /** Counts by desired status, since the view keeps stopped tasks for a while. */
    private static int tasksOn(String instanceArn, Snapshot now) {
        return now.tasks().onInstance(instanceArn).desiredStatus("RUNNING").count();
    }
}
