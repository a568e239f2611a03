package io.clusterstate;

import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * A question about container instances. Deregistered ones are among them, as {@code INACTIVE}, for as long as the store
 * keeps them.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface InstanceQuery extends Query<ContainerInstance, InstanceQuery> {

    /**
     * Only those with a status.
     *
     * @param status such as {@code ACTIVE} or {@code DRAINING}, in ECS's spelling
     * @return the narrower question
     */
    InstanceQuery status(String status);

    /**
     * Only those whose agent is, or is not, connected. An agent comes and goes several times an hour.
     *
     * @param connected which
     * @return the narrower question
     */
    InstanceQuery agentConnected(boolean connected);

    /**
     * Only those that accept tasks: {@code ACTIVE}, with a connected agent. Source: the ECS API reference,
     * {@code ContainerInstance}, {@code status} and {@code agentConnected}.
     *
     * @return the narrower question
     */
    default InstanceQuery placeable() {
        return status("ACTIVE").agentConnected(true);
    }

    /**
     * Only those with an attribute, of whatever value or none.
     *
     * @param name such as {@code ecs.capability.docker-remote-api.1.24}
     * @return the narrower question
     */
    InstanceQuery attribute(String name);

    /**
     * Only those with an attribute of one value.
     *
     * @param name such as {@code ecs.instance-type}
     * @param value such as {@code c5.large}
     * @return the narrower question
     */
    InstanceQuery attribute(String name, String value);

    /**
     * Only the one on an EC2 instance.
     *
     * @param ec2InstanceId such as {@code i-0123456789abcdef0}; for external instances, the id that Systems Manager
     *     gives
     * @return the narrower question
     */
    InstanceQuery ec2Instance(String ec2InstanceId);

    /**
     * Only those that have all of this free, whatever their status: ECS lists what is free of a draining or
     * disconnected instance, too. A scheduler asks for {@link #placeable()} ones as well.
     *
     * @param requirements such as {@code cpu(512), memory(1024)}
     * @return the narrower question
     */
    InstanceQuery withFree(Requirement... requirements);
}
