package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.Requirement;
import io.clusterstate.ecs.EcsArn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * A container instance for a {@link FakeClusterState}. By default it is active in the cluster
 * {@value FakeArns#DEFAULT_CLUSTER} with a connected agent: a {@code c5.large} with Linux in eu-west-1a. It has 2,048
 * CPU units and 4,096 MiB of memory, all of it free.
 *
 * <p>Thread: one thread at a time.
 */
public final class FakeInstance extends FakeEntity<ContainerInstance> {

    private final FakeResources resources = new FakeResources();
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private String status = "ACTIVE";
    private boolean isAgentConnected = true;
    private @Nullable Long version;
    private Consumer<ContainerInstance.Builder> otherChanges = instance -> {};

    private FakeInstance(String id) {
        super(EntityKind.INSTANCE, id);
        attributes.put("ecs.instance-type", "c5.large");
        attributes.put("ecs.os-type", "linux");
        attributes.put("ecs.availability-zone", "eu-west-1a");
    }

    /**
     * Begins an active container instance.
     *
     * @param id the last part of the ARN, as {@code box-1}, or the ARN; the EC2 instance is {@code i-} and the id
     * @return a builder with the defaults
     */
    public static FakeInstance instance(String id) {
        return new FakeInstance(id);
    }

    @Override
    public FakeInstance in(String nameOrArn) {
        super.in(nameOrArn);
        return this;
    }

    /**
     * Sets registered resources; the other resources keep their amounts.
     *
     * @param registered the amounts, as {@code cpu(2048), memory(4096), gpus(1)}
     * @return this builder
     * @throws IllegalArgumentException if a resource is a port; use {@link #takenPorts}
     */
    public FakeInstance of(Requirement... registered) {
        resources.register(registered);
        return this;
    }

    /**
     * Sets free resources; the other resources are free as a whole.
     *
     * @param remaining the amounts, as {@code cpu(1024), memory(1024)}
     * @return this builder
     * @throws IllegalArgumentException if a resource is a port; use {@link #takenPorts}
     */
    public FakeInstance free(Requirement... remaining) {
        resources.free(remaining);
        return this;
    }

    /**
     * Adds TCP ports of the host that are in use, besides those that ECS reserves (22, 2375, 2376, 51678 and 51679).
     *
     * @param numbers the numbers of the ports
     * @return this builder
     */
    public FakeInstance takenPorts(int... numbers) {
        resources.takePorts(numbers);
        return this;
    }

    /**
     * Sets an attribute.
     *
     * @param name the name, as {@code ecs.instance-type}
     * @param value the value
     * @return this builder
     */
    public FakeInstance attribute(String name, String value) {
        attributes.put(name, value);
        return this;
    }

    /**
     * Sets the status to DRAINING: ECS places no new tasks on the instance.
     *
     * @return this builder
     */
    public FakeInstance draining() {
        this.status = "DRAINING";
        return this;
    }

    /**
     * Sets the status to INACTIVE: the instance is deregistered, which is its end.
     *
     * @return this builder
     */
    public FakeInstance inactive() {
        this.status = "INACTIVE";
        return this;
    }

    /**
     * Disconnects the agent.
     *
     * @return this builder
     */
    public FakeInstance agentDisconnected() {
        this.isAgentConnected = false;
        return this;
    }

    /**
     * Sets the version, for {@link FakeClusterState#deliver(FakeInstance)}. A put ignores it unless it is higher than
     * the version that the fake would set.
     *
     * @param counter the version, as ECS counts
     * @return this builder
     */
    public FakeInstance version(long counter) {
        this.version = counter;
        return this;
    }

    /**
     * Changes any other field of the instance. The changes run last when the instance is built, in the order of these
     * calls.
     *
     * @param changes a function that changes the AWS SDK's builder
     * @return this builder
     */
    public FakeInstance with(Consumer<ContainerInstance.Builder> changes) {
        this.otherChanges = otherChanges.andThen(changes);
        return this;
    }

    @Override
    public String arn() {
        return FakeArns.instanceArn(clusterArn(), id());
    }

    @Override
    public ContainerInstance build() {
        ContainerInstance.Builder instance = ContainerInstance.builder()
                .containerInstanceArn(arn())
                .ec2InstanceId("i-" + EcsArn.nameOf(id()))
                .status(status)
                .agentConnected(isAgentConnected)
                .attributes(listedAttributes())
                .registeredResources(resources.registered())
                .remainingResources(resources.remaining())
                .runningTasksCount(0)
                .pendingTasksCount(0)
                .version(version);
        otherChanges.accept(instance);
        return instance.build();
    }

    private List<Attribute> listedAttributes() {
        return attributes.entrySet().stream()
                .map(each -> Attribute.builder()
                        .name(each.getKey())
                        .value(each.getValue())
                        .build())
                .toList();
    }
}
