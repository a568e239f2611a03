package io.clusterstate.simulator;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;

/** Makes services as DescribeServices shows them, without counts and deployments. */
final class Services {
    private Services() {}

    static Service.Builder draft(World world, LiveCluster cluster, String name, LaunchType launchType, Instant at) {
        var service = Service.builder()
                .serviceArn(world.arns().service(cluster.name(), name, world.nextIsShort()))
                .serviceName(name)
                .clusterArn(cluster.arn())
                .status(Status.ACTIVE)
                .launchType(launchType)
                .createdAt(at)
                .loadBalancers(List.of())
                .serviceRegistries(List.of())
                .placementConstraints(List.of())
                .placementStrategy(List.of())
                .schedulingStrategy(SchedulingStrategy.REPLICA)
                .deploymentConfiguration(it -> it.maximumPercent(200).minimumHealthyPercent(100))
                .enableECSManagedTags(false)
                .enableExecuteCommand(false)
                .propagateTags(PropagateTags.NONE)
                .tags(List.of());
        if (launchType == LaunchType.FARGATE) {
            service.platformVersion("1.4.0").platformFamily("Linux");
        }
        return service;
    }

    static LoadBalancer balancer(World world, TaskTemplate template) {
        var part = template.parts().get(0);
        return LoadBalancer.builder()
                .targetGroupArn("arn:aws:elasticloadbalancing:" + world.arns().region() + ":"
                        + world.arns().account() + ":targetgroup/" + template.family() + "/"
                        + world.random().hex(16))
                .containerName(part.name())
                .containerPort(part.firstPort())
                .build();
    }

    static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
