package io.clusterstate.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.Rollout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Service;

/** Services of a fake ECS, their deployments, and the waits for them. */
class FakeEcsServicesTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final FakeClusterState fake = new FakeClusterState();
    private final FakeEcs ecs = fake.ecs();
    private final EcsClient client = ecs.client();

    @BeforeEach
    void define() {
        ecs.define("web", 256, 512);
    }

    @Test
    void aCreatedServiceIsStableOnceItsRolloutIsComplete() throws Exception {
        Service created = create();
        assertEquals(List.of("PRIMARY IN_PROGRESS 0/2 web:1"), deployments(created));
        CompletableFuture<Service> stable = fake.view().whenServiceStable(created);
        CompletableFuture<Rollout> rollout = fake.view().whenRolledOut(created);
        assertFalse(stable.isDone() || rollout.isDone());

        ecs.completeRollout(created.serviceArn());

        assertEquals(2, stable.get().runningCount());
        assertEquals(Rollout.Outcome.COMPLETED, rollout.get().outcome());
    }

    @Test
    void anotherDefinitionBeginsADeploymentBesideTheFormer() throws Exception {
        Service created = ecs.completeRollout(create().serviceArn());
        ecs.define("web", 256, 512);

        Service updated = client.updateService(
                        request -> request.service("shop").taskDefinition("web"))
                .service();

        assertEquals(List.of("PRIMARY IN_PROGRESS 0/2 web:2", "ACTIVE COMPLETED 2/2 web:1"), deployments(updated));
        assertEquals(Rollout.Outcome.REPLACED, rollout(created).outcome());
        assertEquals(List.of("PRIMARY COMPLETED 2/2 web:2"), deployments(ecs.completeRollout(updated.serviceArn())));
        assertEquals(Rollout.Outcome.COMPLETED, rollout(updated).outcome());
    }

    @Test
    void aDesiredCountAloneBeginsNoDeploymentAndAForcedOneDoes() {
        Service created = ecs.completeRollout(create().serviceArn());

        Service larger = client.updateService(
                        request -> request.service("shop").desiredCount(5).taskDefinition("web"))
                .service();
        assertEquals(List.of("PRIMARY COMPLETED 2/5 web:1"), deployments(larger));
        assertEquals(
                created.deployments().get(0).id(), larger.deployments().get(0).id());
        Service forced = client.updateService(request -> request.service("shop").forceNewDeployment(true))
                .service();

        assertEquals(List.of("PRIMARY IN_PROGRESS 0/5 web:1", "ACTIVE COMPLETED 2/5 web:1"), deployments(forced));
    }

    @Test
    void anUnknownServiceHasNoRollout() {
        assertEquals(
                "serviceArn: gone (expected: the ARN of a service in the fake ECS)",
                assertThrows(IllegalArgumentException.class, () -> ecs.completeRollout("gone"))
                        .getMessage());
    }

    private Service create() {
        return client.createService(request ->
                        request.serviceName("shop").taskDefinition("web").desiredCount(2))
                .service();
    }

    private Rollout rollout(Service asked) throws Exception {
        return fake.view().awaitRollout(asked, LIMIT);
    }

    private static List<String> deployments(Service service) {
        return service.deployments().stream()
                .map(each -> each.status() + " " + each.rolloutStateAsString() + " " + each.runningCount() + "/"
                        + each.desiredCount() + " "
                        + each.taskDefinition().substring(each.taskDefinition().lastIndexOf('/') + 1))
                .toList();
    }
}
