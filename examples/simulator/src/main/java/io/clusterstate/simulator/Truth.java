package io.clusterstate.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The true state at some moment, as the Describe operations with {@code include=TAGS} would answer without any fault.
 * It includes ended entities that can still be described: STOPPED tasks, and INACTIVE container instances, services and
 * clusters. These stay for an hour, or for {@link SimulatorBuilder#keepEndedFor}. Of an INACTIVE cluster's entities it
 * includes only stopped tasks with tags, since nothing else can be described.
 *
 * @param at the time, by the simulator's clock
 * @param clusters all clusters, in the order of creation
 * @param tasks all tasks, per cluster in the order of their start
 * @param instances all container instances, per cluster in the order of registration
 * @param services all services, per cluster in the order of creation
 * @param clusterArnOf the cluster's ARN by container instance's ARN, since the API's answer lacks it
 * @param events the numbers of events
 */
public record Truth(
        Instant at,
        List<Cluster> clusters,
        List<Task> tasks,
        List<ContainerInstance> instances,
        List<Service> services,
        Map<String, String> clusterArnOf,
        EventCounts events) {

    /**
     * Copies the collections, so that a truth never changes.
     *
     * @param at the time
     * @param clusters all clusters
     * @param tasks all tasks
     * @param instances all container instances
     * @param services all services
     * @param clusterArnOf the cluster's ARN by container instance's ARN
     * @param events the numbers of events
     */
    public Truth {
        clusters = List.copyOf(clusters);
        tasks = List.copyOf(tasks);
        instances = List.copyOf(instances);
        services = List.copyOf(services);
        clusterArnOf = Map.copyOf(clusterArnOf);
    }
}
