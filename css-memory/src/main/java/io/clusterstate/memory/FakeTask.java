package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A task for a {@link FakeClusterState}. By default it is running in the cluster {@value FakeArns#DEFAULT_CLUSTER}, on
 * no instance, of the launch type EC2 and of revision 1 of the family {@code app}, with one container, 256 CPU units
 * and 512 MiB; it was started by itself and not by a service.
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
    private Consumer<Task.Builder> more = task -> {};

    private FakeTask(String id) {
        super(EntityKind.TASK, id);
    }

    /**
     * A running task.
     *
     * @param id what ends its ARN, such as {@code web-1}
     * @return the task, to be told more of
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
     * Places it on an instance, which need not be there. The instance's free resources stay as they are: ECS tells of
     * those by an event of the instance.
     *
     * @param instanceIdOrArn an id stands for an instance of this task's cluster
     * @return this
     */
    public FakeTask on(String instanceIdOrArn) {
        this.instance = instanceIdOrArn;
        return this;
    }

    /**
     * Makes it of a family.
     *
     * @param name the family's name, for its revision 1, or a task definition's ARN
     * @return this
     */
    public FakeTask family(String name) {
        this.family = name;
        return this;
    }

    /**
     * Makes it one of a service: by its group and by who started it.
     *
     * @param name the service's name
     * @return this
     */
    public FakeTask ofService(String name) {
        this.service = name;
        return this;
    }

    /**
     * Waits for its containers to start.
     *
     * @return this
     */
    public FakeTask pending() {
        return status("PENDING", "RUNNING");
    }

    /**
     * Runs, as is the default.
     *
     * @return this
     */
    public FakeTask running() {
        return status("RUNNING", "RUNNING");
    }

    /**
     * Was told to stop, and still runs.
     *
     * @return this
     */
    public FakeTask stopping() {
        return status("RUNNING", "STOPPED");
    }

    /**
     * Has stopped.
     *
     * @return this
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
     * Takes CPU.
     *
     * @param units in CPU units, of which a core has 1,024
     * @return this
     */
    public FakeTask cpu(int units) {
        this.cpu = units;
        return this;
    }

    /**
     * Takes memory.
     *
     * @param mebibytes in MiB
     * @return this
     */
    public FakeTask memory(int mebibytes) {
        this.memory = mebibytes;
        return this;
    }

    /**
     * Is at a version: for {@link FakeClusterState#deliver(FakeTask)}. Where it is put, it only counts if it is higher
     * than the version that it would be given.
     *
     * @param counter ECS's counter
     * @return this
     */
    public FakeTask version(long counter) {
        this.version = counter;
        return this;
    }

    /**
     * Is otherwise in whatever else there is. Called last when the task is built, after those that were given before.
     *
     * @param changes what is to be otherwise
     * @return this
     */
    public FakeTask with(Consumer<Task.Builder> changes) {
        this.more = more.andThen(changes);
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
        more.accept(task);
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
