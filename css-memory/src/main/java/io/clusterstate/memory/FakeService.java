package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * A service for a {@link FakeClusterState}. By default it is active in the cluster {@value FakeArns#DEFAULT_CLUSTER},
 * of the launch type EC2, with a desired count of 1 and as many running tasks. Its task definition is revision 1 of the
 * family of its own name. It has one deployment, {@code ecs-svc/} and its name, which has completed once as many tasks
 * run as desired. Its counts are independent of the tasks in the fake.
 *
 * <p>Thread: one thread at a time.
 */
public final class FakeService extends FakeEntity<Service> {

    private int desired = 1;
    private @Nullable Integer running;
    private int pending;
    private Consumer<Service.Builder> otherChanges = service -> {};

    private FakeService(String name) {
        super(EntityKind.SERVICE, name);
    }

    /**
     * Begins an active service.
     *
     * @param name the name of the service, or its ARN
     * @return a builder with the defaults
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
     * Sets the desired count; by default 1.
     *
     * @param count the number of tasks
     * @return this builder
     */
    public FakeService desired(int count) {
        this.desired = count;
        return this;
    }

    /**
     * Sets the running count; by default the desired count.
     *
     * @param count the number of tasks
     * @return this builder
     */
    public FakeService running(int count) {
        this.running = count;
        return this;
    }

    /**
     * Sets the pending count; by default 0.
     *
     * @param count the number of tasks
     * @return this builder
     */
    public FakeService pending(int count) {
        this.pending = count;
        return this;
    }

    /**
     * Changes any other field of the service. The changes run last when the service is built, in the order of these
     * calls.
     *
     * @param changes a function that changes the AWS SDK's builder
     * @return this builder
     */
    public FakeService with(Consumer<Service.Builder> changes) {
        this.otherChanges = otherChanges.andThen(changes);
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
                .runningCount(runningCount())
                .pendingCount(pending)
                .deployments(deployment(name));
        otherChanges.accept(service);
        return service.build();
    }

    private int runningCount() {
        return running == null ? desired : running;
    }

    private Deployment deployment(String name) {
        return Deployment.builder()
                .id("ecs-svc/" + name)
                .status("PRIMARY")
                .taskDefinition(FakeArns.taskDefinitionArn(clusterArn(), name))
                .launchType("EC2")
                .desiredCount(desired)
                .runningCount(runningCount())
                .pendingCount(pending)
                .rolloutState(runningCount() == desired ? "COMPLETED" : "IN_PROGRESS")
                .build();
    }
}
