package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A task for a {@link FakeClusterState}. By default it runs in the cluster {@value FakeArns#DEFAULT_CLUSTER}, on no
 * instance, with the launch type EC2. Its task definition is revision 1 of the family {@code app}, with one container,
 * 256 CPU units and 512 MiB of memory. It belongs to no service.
 *
 * <p>Thread: one thread at a time.
 */
public final class FakeTask extends FakeEntity<Task> {

    private String family = "app";
    private @Nullable String instance;
    private @Nullable String service;
    private String lastStatus = "RUNNING";
    private String desiredStatus = "RUNNING";
    private int cpu = 256;
    private int memory = 512;
    private @Nullable Long version;
    private Consumer<Task.Builder> otherChanges = task -> {};

    private FakeTask(String id) {
        super(EntityKind.TASK, id);
    }

    /**
     * Begins a running task.
     *
     * @param id the last part of the ARN, as {@code web-1}, or the ARN
     * @return a builder with the defaults
     */
    public static FakeTask task(String id) {
        return new FakeTask(id);
    }

    @Override
    public FakeTask in(String nameOrArn) {
        super.in(nameOrArn);
        return this;
    }

    /**
     * Places the task on an instance, which need not be in the fake. The instance's free resources stay as they are:
     * ECS reports those in an event of the instance.
     *
     * @param instanceIdOrArn the id of an instance in the task's cluster, or an ARN
     * @return this builder
     */
    public FakeTask on(String instanceIdOrArn) {
        this.instance = instanceIdOrArn;
        return this;
    }

    /**
     * Sets the task definition.
     *
     * @param name the name of the family, for its revision 1, or the ARN of a task definition
     * @return this builder
     */
    public FakeTask family(String name) {
        this.family = name;
        return this;
    }

    /**
     * Makes the task belong to a service, by its group and its {@code startedBy}.
     *
     * @param name the name of the service
     * @return this builder
     */
    public FakeTask ofService(String name) {
        this.service = name;
        return this;
    }

    /**
     * Makes the task pending: its last status is PENDING.
     *
     * @return this builder
     */
    public FakeTask pending() {
        return status("PENDING", "RUNNING");
    }

    /**
     * Makes the task running, as by default.
     *
     * @return this builder
     */
    public FakeTask running() {
        return status("RUNNING", "RUNNING");
    }

    /**
     * Makes the task stopping: its last status is RUNNING, and its desired status STOPPED.
     *
     * @return this builder
     */
    public FakeTask stopping() {
        return status("RUNNING", "STOPPED");
    }

    /**
     * Makes the task stopped.
     *
     * @return this builder
     */
    public FakeTask stopped() {
        return status("STOPPED", "STOPPED");
    }

    private FakeTask status(String last, String desired) {
        this.lastStatus = last;
        this.desiredStatus = desired;
        return this;
    }

    /**
     * Sets the CPU of the task; by default 256 units.
     *
     * @param units the CPU units, of which a core has 1,024
     * @return this builder
     */
    public FakeTask cpu(int units) {
        this.cpu = units;
        return this;
    }

    /**
     * Sets the memory of the task; by default 512 MiB.
     *
     * @param mebibytes the memory in MiB
     * @return this builder
     */
    public FakeTask memory(int mebibytes) {
        this.memory = mebibytes;
        return this;
    }

    /**
     * Sets the version, for {@link FakeClusterState#deliver(FakeTask)}. A put ignores it unless it is higher than the
     * version that the fake would set.
     *
     * @param counter the version, as ECS counts
     * @return this builder
     */
    public FakeTask version(long counter) {
        this.version = counter;
        return this;
    }

    /**
     * Changes any other field of the task. The changes run last when the task is built, in the order of these calls.
     *
     * @param changes a function that changes the AWS SDK's builder
     * @return this builder
     */
    public FakeTask with(Consumer<Task.Builder> changes) {
        this.otherChanges = otherChanges.andThen(changes);
        return this;
    }

    @Override
    public String arn() {
        return FakeArns.taskArn(clusterArn(), id());
    }

    @Override
    public Task build() {
        Task.Builder task = Task.builder()
                .taskArn(arn())
                .clusterArn(clusterArn())
                .containerInstanceArn(instance == null ? null : FakeArns.instanceArn(clusterArn(), instance))
                .taskDefinitionArn(FakeArns.taskDefinitionArn(clusterArn(), family))
                .group(service == null ? "family:" + familyName() : "service:" + service)
                .startedBy(service == null ? null : "ecs-svc/" + service)
                .launchType("EC2")
                .lastStatus(lastStatus)
                .desiredStatus(desiredStatus)
                .cpu(Integer.toString(cpu))
                .memory(Integer.toString(memory))
                .containers(container())
                .version(version);
        otherChanges.accept(task);
        return task.build();
    }

    private Container container() {
        return Container.builder()
                .name(familyName())
                .taskArn(arn())
                .lastStatus(lastStatus)
                .build();
    }

    private String familyName() {
        String name = EcsArn.nameOf(family);
        return name.replaceFirst(":\\d+$", "");
    }
}
