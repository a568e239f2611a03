package com.example;

import java.util.Optional;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Task;

/** Starts tasks on the instances that a {@link Placement} picks. */
record Launcher(Placement placement, EcsClient ecs) {

    /** The started task; empty if no instance has room, or if ECS refuses the one that seemed to have. */
    Optional<Task> launch(String cluster, String taskDefinition, int cpu, int memory) {
        return placement.pick(cluster, cpu, memory).flatMap(instance -> ecs.startTask(
                        request -> request.cluster(cluster)
                                .taskDefinition(taskDefinition)
                                .containerInstances(instance))
                .tasks().stream()
                .findFirst());
    }
}
