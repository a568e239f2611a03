package io.clusterstate.memory;

import io.clusterstate.ecs.EcsArn;

/**
 * ARNs of entities in a {@link FakeClusterState}, in the long format, of the account 123456789012 in eu-west-1.
 *
 * <p>Every parameter also takes an ARN, which stands for itself.
 *
 * <p>Thread: pure functions, safe from any thread.
 */
public final class FakeArns {

    /** The name of the default cluster, as in ECS. */
    public static final String DEFAULT_CLUSTER = "default";

    private static final String PREFIX = "arn:aws:ecs:eu-west-1:123456789012:";

    private FakeArns() {}

    /**
     * The ARN of a cluster.
     *
     * @param name the name of the cluster
     * @return the ARN
     */
    public static String clusterArn(String name) {
        return isArn(name) ? name : PREFIX + "cluster/" + name;
    }

    /**
     * The ARN of a task in the cluster {@value #DEFAULT_CLUSTER}.
     *
     * @param id the last part of the ARN
     * @return the ARN
     */
    public static String taskArn(String id) {
        return taskArn(DEFAULT_CLUSTER, id);
    }

    /**
     * The ARN of a task.
     *
     * @param cluster the name or ARN of the cluster
     * @param id the last part of the ARN
     * @return the ARN
     */
    public static String taskArn(String cluster, String id) {
        return arnIn(cluster, "task", id);
    }

    /**
     * The ARN of a container instance in the cluster {@value #DEFAULT_CLUSTER}.
     *
     * @param id the last part of the ARN
     * @return the ARN
     */
    public static String instanceArn(String id) {
        return instanceArn(DEFAULT_CLUSTER, id);
    }

    /**
     * The ARN of a container instance.
     *
     * @param cluster the name or ARN of the cluster
     * @param id the last part of the ARN
     * @return the ARN
     */
    public static String instanceArn(String cluster, String id) {
        return arnIn(cluster, "container-instance", id);
    }

    /**
     * The ARN of a service in the cluster {@value #DEFAULT_CLUSTER}.
     *
     * @param name the name of the service
     * @return the ARN
     */
    public static String serviceArn(String name) {
        return serviceArn(DEFAULT_CLUSTER, name);
    }

    /**
     * The ARN of a service.
     *
     * @param cluster the name or ARN of the cluster
     * @param name the name of the service
     * @return the ARN
     */
    public static String serviceArn(String cluster, String name) {
        return arnIn(cluster, "service", name);
    }

    /**
     * The ARN of the first revision of a task definition.
     *
     * @param family the name of the family; an ARN stands for itself
     * @return the ARN
     */
    public static String taskDefinitionArn(String family) {
        return taskDefinitionArn(PREFIX, family);
    }

    /** The ARN of the first revision of a task definition, in the account and Region of a cluster. */
    static String taskDefinitionArn(String clusterArn, String family) {
        return isArn(family) ? family : ofType(clusterArn, "task-definition") + family + ":1";
    }

    /** The ARN of any revision of a task definition. */
    static String taskDefinitionArn(String family, int revision) {
        return PREFIX + "task-definition/" + family + ":" + revision;
    }

    private static String arnIn(String cluster, String type, String id) {
        String clusterArn = clusterArn(cluster);
        String clusterName = EcsArn.nameOf(clusterArn);
        return isArn(id) ? id : ofType(clusterArn, type) + clusterName + "/" + id;
    }

    private static String ofType(String clusterArn, String type) {
        return clusterArn.substring(0, clusterArn.lastIndexOf(':') + 1) + type + "/";
    }

    private static boolean isArn(String text) {
        return text.startsWith("arn:");
    }
}
