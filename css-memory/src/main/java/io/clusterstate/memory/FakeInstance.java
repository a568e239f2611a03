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
 * {@value FakeArns#DEFAULT_CLUSTER} with a connected agent, a {@code c5.large} with Linux in eu-west-1a, and has 2,048
 * CPU units and 4,096 MiB, all of it free.
 *
 * <p>Thread: one thread at a time.
 */
public final class FakeInstance extends FakeEntity<ContainerInstance> {

    private final FakeResources resources = new FakeResources();
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private String status = "ACTIVE";
    private boolean isAgentConnected = true;
    private @Nullable Long version;
    private Consumer<ContainerInstance.Builder> more = instance -> {};

    private FakeInstance(String id) {
        super(EntityKind.INSTANCE, id);
        attributes.put("ecs.instance-type", "c5.large");
        attributes.put("ecs.os-type", "linux");
        attributes.put("ecs.availability-zone", "eu-west-1a");
    }

    /**
     * An active container instance.
     *
     * @param id what ends its ARN, such as {@code box-1}; its EC2 instance is {@code i-} and that
     * @return the instance, to be told more of
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
     * Has so much in all; what is not named stays.
     *
     * @param registered such as {@code cpu(2048), memory(4096), gpus(1)}
     * @return this
     * @throws IllegalArgumentException for a port; see {@link #takenPorts}
     */
    public FakeInstance of(Requirement... registered) {
        resources.register(registered);
        return this;
    }

    /**
     * Has so much free; of what is not named, all of it.
     *
     * @param remaining such as {@code cpu(1024), memory(1024)}
     * @return this
     * @throws IllegalArgumentException for a port; see {@link #takenPorts}
     */
    public FakeInstance free(Requirement... remaining) {
        resources.free(remaining);
        return this;
    }

    /**
     * Has TCP ports of the host in use, besides those that ECS reserves (22, 2375, 2376, 51678 and 51679).
     *
     * @param numbers the ports
     * @return this
     */
    public FakeInstance takenPorts(int... numbers) {
        resources.takePorts(numbers);
        return this;
    }

    /**
     * Has an attribute.
     *
     * @param name such as {@code ecs.instance-type}
     * @param value its value
     * @return this
     */
    public FakeInstance attribute(String name, String value) {
        attributes.put(name, value);
        return this;
    }

    /**
     * Is being drained: gets no new tasks.
     *
     * @return this
     */
    public FakeInstance draining() {
        this.status = "DRAINING";
        return this;
    }

    /**
     * Has been deregistered, which is its end.
     *
     * @return this
     */
    public FakeInstance inactive() {
        this.status = "INACTIVE";
        return this;
    }

    /**
     * Has an agent that is out of reach.
     *
     * @return this
     */
    public FakeInstance agentDisconnected() {
        this.isAgentConnected = false;
        return this;
    }

    /**
     * Is at a version: for {@link FakeClusterState#deliver(FakeInstance)}. Where it is put, it only counts if it is
     * higher than the version that it would be given.
     *
     * @param counter ECS's counter
     * @return this
     */
    public FakeInstance version(long counter) {
        this.version = counter;
        return this;
    }

    /**
     * Is otherwise in whatever else there is. Called last when the instance is built, after those that were given
     * before.
     *
     * @param changes what is to be otherwise
     * @return this
     */
    public FakeInstance with(Consumer<ContainerInstance.Builder> changes) {
        this.more = more.andThen(changes);
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
        more.accept(instance);
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
