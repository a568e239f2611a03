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
