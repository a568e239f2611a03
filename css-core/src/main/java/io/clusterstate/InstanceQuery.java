package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;

/**
 * A query over container instances. It includes deregistered instances, as {@code INACTIVE}, for as long as the store
 * keeps them.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface InstanceQuery extends Query<ContainerInstance, InstanceQuery> {

    /**
     * Narrows to instances with a status.
     *
     * @param status a status such as {@code ACTIVE} or {@code DRAINING}, in ECS's spelling
     * @return the narrower query
     * @throws IllegalArgumentException if there is no such status; {@link #where} finds a status of a later ECS
     */
    InstanceQuery status(String status);

    /**
     * Narrows to instances with a status.
     *
     * @param status the status
     * @return the narrower query
     */
    default InstanceQuery status(ContainerInstanceStatus status) {
        return status(status.toString());
    }

    /**
     * Narrows to instances whose agent is connected, or is not. An agent disconnects and reconnects several times an
     * hour.
     *
     * @param connected whether the agent must be connected
     * @return the narrower query
     */
    InstanceQuery agentConnected(boolean connected);

    /**
     * Narrows to instances that accept tasks: {@code ACTIVE}, with a connected agent. Source: the ECS API reference,
     * {@code ContainerInstance}, {@code status} and {@code agentConnected}.
     *
     * @return the narrower query
     */
    default InstanceQuery placeable() {
        return status("ACTIVE").agentConnected(true);
    }

    /**
     * Narrows to instances that have an attribute, with any value or none.
     *
     * @param name a name such as {@code ecs.capability.docker-remote-api.1.24}
     * @return the narrower query
     */
    InstanceQuery attribute(String name);

    /**
     * Narrows to instances that have an attribute with a value.
     *
     * @param name a name such as {@code ecs.instance-type}
     * @param value a value such as {@code c5.large}
     * @return the narrower query
     */
    InstanceQuery attribute(String name, String value);

    /**
     * Narrows to the container instance on an EC2 instance.
     *
     * @param ec2InstanceId an id such as {@code i-0123456789abcdef0}; for external instances, the id from Systems
     *     Manager
     * @return the narrower query
     */
    InstanceQuery ec2Instance(String ec2InstanceId);

    /**
     * Narrows to instances that match an expression of ECS's cluster query language, such as
     * {@code attribute:ecs.instance-type =~ c5.* and runningTasksCount < 10}. Source: the ECS developer guide, "Cluster
     * query language". Indexes answer the comparisons of attributes, {@code agentConnected} and {@code ec2InstanceId}
     * that {@code and} joins at the top.
     *
     * <p>Where the guide is silent, this holds:
     *
     * <ul>
     *   <li>A comparison needs a value. {@code attribute:stack != prod} therefore holds for instances that have the
     *       attribute, and {@code not(attribute:stack == prod)} for those without it as well.
     *   <li>Of several task groups on an instance, one has to pass; with {@code !=}, {@code !in} and {@code !~}, each.
     *   <li>{@code task:group} is the groups of the tasks on the instance in this snapshot, apart from tasks that are
     *       stopped or being stopped. A listener's query must not have it, since tasks change without their instance.
     *   <li>A pattern must match the whole value. It may have characters, classes, groups, alternatives and
     *       repetitions; lookaround, back references, possessive repetitions and flags are refused. A pattern with
     *       parentheses or spaces is quoted. Matching takes linear time.
     *   <li>{@code <}, {@code <=}, {@code >} and {@code >=} compare attributes as numbers, and an attribute that is no
     *       number does not match.
     *   <li>{@code registeredAt} is compared in whole seconds, and a date without a time zone is in UTC.
     *   <li>{@code not} binds closest, then {@code and}, then {@code or}.
     * </ul>
     *
     * @param expression the expression, at most 2,000 characters with 50 levels of parentheses
     * @return the narrower query
     * @throws InvalidExpressionException if the text is no expression, or has an operator that the guide does not
     *     permit for the subject; the message names the column
     * @throws IllegalArgumentException if a listener's query has {@code task:group}
     */
    InstanceQuery matching(String expression);

    /**
     * Narrows to instances that have all of these resources free, in any status: ECS reports free resources of draining
     * and disconnected instances as well. A scheduler adds {@link #placeable()}.
     *
     * @param requirements the requirements, such as {@code cpu(512), memory(1024)}
     * @return the narrower query
     */
    InstanceQuery withFree(Requirement... requirements);

    /**
     * Narrows to instances of a capacity provider. No index answers this step.
     *
     * @param name the provider's name
     * @return the narrower query
     */
    InstanceQuery capacityProvider(String name);

    /**
     * Narrows to instances with a tag. Only the API reports tags: events carry none, so an instance that no describe
     * call has reached yet has none here ({@link Observed#describedAt()}). No index answers this step.
     *
     * @param key the tag's key
     * @param value the tag's value
     * @return the narrower query
     */
    InstanceQuery tagged(String key, String value);
}
