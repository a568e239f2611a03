package io.clusterstate.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * What is really so at one moment, as the Describe operations with {@code include=TAGS} would answer with no fault in
 * use. It includes what can still be described though it is over: tasks STOPPED and container instances, services and
 * clusters INACTIVE for less than an hour (or what {@link SimulatorBuilder#keepEndedFor} says). Of what was in an
 * INACTIVE cluster it includes the stopped tasks with tags only, as nothing else of it can be described.
 *
 * @param at the moment, by the simulator's clock
 * @param clusters all clusters, in the order in which they were created
 * @param tasks all tasks, per cluster in the order in which they were started
 * @param instances all container instances, per cluster in the order in which they registered
 * @param services all services, per cluster in the order in which they were created
 * @param clusterArnOf for each container instance's ARN the ARN of its cluster, which the API leaves out
 * @param events how many events there have been
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
     * @param at the moment
     * @param clusters all clusters
     * @param tasks all tasks
     * @param instances all container instances
     * @param services all services
     * @param clusterArnOf the cluster's ARN for each instance's
     * @param events the counts of events
     */
    public Truth {
        clusters = List.copyOf(clusters);
        tasks = List.copyOf(tasks);
        instances = List.copyOf(instances);
        services = List.copyOf(services);
        clusterArnOf = Map.copyOf(clusterArnOf);
    }
}
