package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/**
 * The operations on services of a fake ECS. A service keeps what a caller wants; nothing starts or stops its tasks. A
 * new task definition, or {@code forceNewDeployment}, begins a deployment. Source: the ECS API reference,
 * {@code UpdateService}.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsServices {

    private static final int MOST = 10;

    private final FakeEcsState state;
    private final FakeEcsNames names;
    private final FakeEcsDefinitions definitions;
    private final FakeEcsDeployments deployments = new FakeEcsDeployments();

    FakeEcsServices(FakeEcsState state, FakeEcsNames names, FakeEcsDefinitions definitions) {
        this.state = state;
        this.names = names;
        this.definitions = definitions;
    }

    ListServicesResponse list(ListServicesRequest request) {
        String cluster = state.cluster(request.cluster());
        String launchType = request.launchTypeAsString();
        List<FakeEcsState.Held<Service>> listed = state.in(EntityKind.SERVICE, cluster).stream()
                .filter(each -> !EntityKind.SERVICE.hasEnded(each.value())
                        && (launchType == null || launchType.equals(each.value().launchTypeAsString())))
                .toList();
        FakeEcsPage page = FakeEcsPage.of(EntityKind.SERVICE, listed, request.nextToken(), request.maxResults(), MOST);
        return ListServicesResponse.builder()
                .serviceArns(page.arns())
                .nextToken(page.nextToken())
                .build();
    }

    DescribeServicesResponse describe(DescribeServicesRequest request) {
        String cluster = state.cluster(request.cluster());
        FakeEcsNames.Found<Service> found =
                names.each(EntityKind.SERVICE, cluster, "Services", request.services(), MOST);
        boolean withTags = request.include().contains(ServiceField.TAGS);
        return DescribeServicesResponse.builder()
                .services(found.found().stream()
                        .map(service ->
                                withTags || !service.hasTags() ? service : service.copy(each -> each.tags(List.of())))
                        .toList())
                .failures(found.failures())
                .build();
    }

    CreateServiceResponse create(CreateServiceRequest request) {
        String cluster = state.cluster(request.cluster());
        String name = Objects.requireNonNullElse(request.serviceName(), "");
        if (!name.matches("[a-zA-Z0-9_-]{1,255}")) {
            throw FakeEcsErrors.invalid("serviceName: " + name + " (expected: 1 to 255 letters, digits, _ and -)");
        }
        boolean isTaken = names.service(cluster, name)
                .filter(service -> !EntityKind.SERVICE.hasEnded(service))
                .isPresent();
        if (isTaken) {
            throw FakeEcsErrors.invalid("Creation of service was not idempotent.");
        }
        Service created = created(cluster, name, request);
        return CreateServiceResponse.builder()
                .service(state.change(EntityKind.SERVICE, cluster, deployments.begun(created, state.now())))
                .build();
    }

    private Service created(String cluster, String name, CreateServiceRequest request) {
        return Service.builder()
                .serviceArn(FakeArns.serviceArn(cluster, name))
                .serviceName(name)
                .clusterArn(cluster)
                .status("ACTIVE")
                .taskDefinition(definitions.find(request.taskDefinition()).taskDefinitionArn())
                .launchType(Objects.requireNonNullElse(request.launchType(), LaunchType.EC2))
                .desiredCount(Objects.requireNonNullElse(request.desiredCount(), 0))
                .runningCount(0)
                .pendingCount(0)
                .deploymentConfiguration(request.deploymentConfiguration())
                .tags(request.tags())
                .createdAt(state.now())
                .build();
    }

    UpdateServiceResponse update(UpdateServiceRequest request) {
        String cluster = state.cluster(request.cluster());
        Service before = names.service(cluster, request.service()).orElseThrow(FakeEcsErrors::serviceNotFound);
        if (!"ACTIVE".equals(before.status())) {
            throw FakeEcsErrors.serviceNotActive();
        }
        Service asked = asked(before, request);
        boolean isDeployment = Boolean.TRUE.equals(request.forceNewDeployment())
                || !Objects.equals(before.taskDefinition(), asked.taskDefinition());
        Service after =
                isDeployment ? deployments.begun(asked, state.now()) : FakeEcsDeployments.resized(asked, state.now());
        return UpdateServiceResponse.builder()
                .service(state.change(EntityKind.SERVICE, cluster, after))
                .build();
    }

    private Service asked(Service before, UpdateServiceRequest request) {
        return before.copy(service -> {
            if (request.desiredCount() != null) {
                service.desiredCount(request.desiredCount());
            }
            if (request.taskDefinition() != null) {
                service.taskDefinition(
                        definitions.find(request.taskDefinition()).taskDefinitionArn());
            }
            if (request.deploymentConfiguration() != null) {
                service.deploymentConfiguration(request.deploymentConfiguration());
            }
        });
    }
}
