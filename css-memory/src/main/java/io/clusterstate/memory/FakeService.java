package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * A service for a {@link FakeClusterState}. By default it is active in the cluster {@value FakeArns#DEFAULT_CLUSTER},
 * of the launch type EC2 and of revision 1 of the family of its own name, and wants one task. It has those tasks by its
 * own account: whether there are any is another matter.
 *
 * <p>Thread: one thread at a time.
 */
public final class FakeService extends FakeEntity<Service> {

    private int desired = 1;
    private @Nullable Integer running;
    private int pending;
    private Consumer<Service.Builder> more = service -> {};

    private FakeService(String name) {
        super(EntityKind.SERVICE, name);
    }

    /**
     * An active service.
     *
     * @param name its name
     * @return the service, to be told more of
     */
    public static FakeService service(String name) {
        return new FakeService(name);
    }

    @Override
    public FakeService in(String nameOrArn) {
        super.in(nameOrArn);
        return this;
    }

    /**
     * Wants tasks.
     *
     * @param count how many
     * @return this
     */
    public FakeService desired(int count) {
        this.desired = count;
        return this;
    }

    /**
     * Has running tasks; as many as it wants, if this is not said.
     *
     * @param count how many
     * @return this
     */
    public FakeService running(int count) {
        this.running = count;
        return this;
    }

    /**
     * Has pending tasks; none, if this is not said.
     *
     * @param count how many
     * @return this
     */
    public FakeService pending(int count) {
        this.pending = count;
        return this;
    }

    /**
     * Is otherwise in whatever else there is. Called last when the service is built, after those that were given
     * before.
     *
     * @param changes what is to be otherwise
     * @return this
     */
    public FakeService with(Consumer<Service.Builder> changes) {
        this.more = more.andThen(changes);
        return this;
    }

    @Override
    public String arn() {
        return FakeArns.serviceArn(clusterArn(), id());
    }

    @Override
    public Service build() {
        String name = EcsArn.nameOf(id());
        Service.Builder service = Service.builder()
                .serviceArn(arn())
                .serviceName(name)
                .clusterArn(clusterArn())
                .status("ACTIVE")
                .taskDefinition(FakeArns.taskDefinitionArn(clusterArn(), name))
                .launchType("EC2")
                .desiredCount(desired)
                .runningCount(running == null ? desired : running)
                .pendingCount(pending);
        more.accept(service);
        return service.build();
    }
}
