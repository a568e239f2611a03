package com.example;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Snapshot;
import java.util.Comparator;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** Picks the instance with room that has the fewest tasks which are to run. */
record Placement(ClusterStateView view) {

    Optional<String> pick(String cluster, int cpu, int memory) {
        Snapshot now = view.snapshot();
        var roomy = now.instances().in(cluster).placeable().withFree(cpu(cpu), memory(memory)).list();
        return roomy.stream()
                .map(ContainerInstance::containerInstanceArn)
                .min(Comparator.comparingInt(arn -> tasksOn(arn, now)));
    }

    /** A task that has stopped is known for a while, and so is an instance that has gone. */
    private static int tasksOn(String instanceArn, Snapshot now) {
        return now.tasks().onInstance(instanceArn).desiredStatus("RUNNING").count();
    }
}
