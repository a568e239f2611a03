package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CreatedAt;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;

/** The operations on service deployments. Source: the ECS API reference, under the operations' names. */
final class DeploymentApi {
    private static final int SEGMENTS = 4;

    private final World world;
    private final ClusterApi clusters;
    private final Faults faults;

    DeploymentApi(Simulation simulation, ClusterApi clusters) {
        this.world = simulation.world();
        this.clusters = clusters;
        this.faults = simulation.faults();
    }

    /** Lists the deployments of a service, newest first. */
    ListServiceDeploymentsResponse list(ListServiceDeploymentsRequest request) {
        var reference = Objects.requireNonNullElse(request.service(), "");
        var service = clusters.named(clusterOf(request.cluster(), reference))
                .service(reference)
                .orElseThrow(EcsError::noService);
        long before = Page.positionOf(request.nextToken());
        int size = Page.sizeOf(request.maxResults(), 20);
        var found = service.deployments().stream()
                .filter(it -> before == Page.START || it.position() < before)
                .filter(it -> request.statusAsStrings().isEmpty()
                        || request.statusAsStrings().contains(it.status()))
                .filter(it -> isWithin(it, request.createdAt()))
                .limit(size + 1L)
                .toList();
        var page = found.subList(0, Math.min(size, found.size()));
        return ListServiceDeploymentsResponse.builder()
                .serviceDeployments(page.stream().map(LiveDeployment::brief).toList())
                .nextToken(
                        found.size() > size ? Page.tokenAfter(page.get(size - 1).position()) : null)
                .build();
    }

    DescribeServiceDeploymentsResponse describe(DescribeServiceDeploymentsRequest request) {
        Limits.some("Service deployments", request.serviceDeploymentArns(), 20);
        var found = new ArrayList<ServiceDeployment>();
        var failures = new ArrayList<Failure>();
        for (var arn : request.serviceDeploymentArns()) {
            faults.failureAbout(arn).ifPresent(type -> {
                throw EcsError.of(type, "Planned failure about " + arn);
            });
            var refusal = faults.refusalAbout(arn);
            var deployment = refusal.isPresent() ? Optional.<LiveDeployment>empty() : find(arn);
            deployment.ifPresentOrElse(
                    it -> found.add(it.view()), () -> failures.add(Failures.refused(arn, refusal.orElse("MISSING"))));
        }
        return DescribeServiceDeploymentsResponse.builder()
                .serviceDeployments(found)
                .failures(failures)
                .build();
    }

    private Optional<LiveDeployment> find(String arn) {
        var path = arn.split("/", -1);
        if (path.length != SEGMENTS) {
            throw EcsError.invalid("Invalid identifier: " + arn);
        }
        return world.cluster(path[1])
                .flatMap(it -> it.service(path[2]))
                .flatMap(service -> service.deployments().stream()
                        .filter(it -> it.arn().equals(arn))
                        .findFirst());
    }

    /** The cluster that a request names, or that the service's ARN names. */
    private static @Nullable String clusterOf(@Nullable String cluster, String service) {
        var path = service.split("/", -1);
        return cluster == null && path.length == SEGMENTS - 1 ? path[1] : cluster;
    }

    private static boolean isWithin(LiveDeployment deployment, @Nullable CreatedAt span) {
        if (span == null) {
            return true;
        }
        boolean isLate = span.after() == null || deployment.createdAt().isAfter(span.after());
        boolean isEarly = span.before() == null || deployment.createdAt().isBefore(span.before());
        return isLate && isEarly;
    }
}
