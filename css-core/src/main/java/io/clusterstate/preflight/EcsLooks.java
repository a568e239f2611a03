package io.clusterstate.preflight;

import io.clusterstate.internal.ecs.Home;
import io.clusterstate.mirror.Clusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.EcsResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;

/**
 * A trial of each call that a mirror makes to ECS. If a cluster has no task, a made-up id is described instead, since
 * ECS checks the rights first.
 */
final class EcsLooks {

    private static final String NOBODY = "0".repeat(32);
    private static final String ALLOWED = "allowed";
    private static final int PAGES = 10;
    private static final int DESCRIBED = 10;
    /** The number of clusters in which lists are tried: rights may differ by cluster. */
    private static final int TRIED = 3;

    private final EcsClient ecs;
    private final Clusters selection;
    private final Findings findings;
    private final Trial trial;
    private final ClockLook clock;
    private final List<String> selected = new ArrayList<>();
    private @Nullable String home;

    EcsLooks(EcsClient ecs, Clusters selection, Findings findings, ClockLook clock) {
        this.ecs = ecs;
        this.selection = selection;
        this.findings = findings;
        this.trial = Trial.ofMirror(findings);
        this.clock = clock;
    }

    /** The start of the ARNs of ECS's account; empty if ECS named none. */
    Optional<String> home() {
        return Optional.ofNullable(home);
    }

    /** The selected clusters that ECS listed. */
    List<String> selected() {
        return List.copyOf(selected);
    }

    void look(boolean withDefinitions) {
        clusters();
        List<String> clusters = selected.isEmpty()
                ? List.of("default")
                : selected.stream().limit(TRIED).toList();
        String task = list(PreflightCheck.LIST_TASKS, clusters, cluster -> seen(ecs.listTasks(
                        request -> request.cluster(cluster).maxResults(1).overrideConfiguration(Trial.limited())))
                .taskArns());
        String instance = list(
                PreflightCheck.LIST_CONTAINER_INSTANCES, clusters, cluster -> seen(ecs.listContainerInstances(request ->
                                request.cluster(cluster).maxResults(1).overrideConfiguration(Trial.limited())))
                        .containerInstanceArns());
        String service = list(PreflightCheck.LIST_SERVICES, clusters, cluster -> seen(ecs.listServices(
                        request -> request.cluster(cluster).maxResults(1).overrideConfiguration(Trial.limited())))
                .serviceArns());
        describe(clusters.get(0), task, instance, service);
        if (withDefinitions) {
            tried(
                    PreflightCheck.DESCRIBE_TASK_DEFINITION,
                    () -> ecs.describeTaskDefinition(
                            request -> request.taskDefinition("css-preflight").overrideConfiguration(Trial.limited())));
        }
    }

    private void clusters() {
        PreflightCheck check = PreflightCheck.LIST_CLUSTERS;
        trial.call(check, right(check), "*", this::listClusters).ifPresent(count -> {
            if (count > 0 && selected.isEmpty()) {
                findings.missing(
                        check, count + " clusters, none selected", "a selected cluster", "aws ecs list-clusters");
            } else {
                findings.ok(check, selected.size() + " of " + count + " clusters selected");
            }
        });
        List<String> some = selected.isEmpty()
                ? List.of("default")
                : selected.stream().limit(DESCRIBED).toList();
        tried(PreflightCheck.DESCRIBE_CLUSTERS, () -> {
            DescribeClustersResponse answer =
                    ecs.describeClusters(request -> request.clusters(some).overrideConfiguration(Trial.limited()));
            Stream.concat(
                            answer.clusters().stream().map(Cluster::clusterArn),
                            answer.failures().stream().map(Failure::arn))
                    .findFirst()
                    .ifPresent(this::found);
            return answer;
        });
    }

    private int listClusters() {
        int count = 0;
        @Nullable String token = null;
        for (int page = 0; page == 0 || (token != null && page < PAGES); page++) {
            String from = token;
            ListClustersResponse answer =
                    seen(ecs.listClusters(request -> request.nextToken(from).overrideConfiguration(Trial.limited())));
            answer.clusterArns().forEach(this::found);
            answer.clusterArns().stream().filter(selection::includes).forEach(selected::add);
            count += answer.clusterArns().size();
            token = answer.nextToken();
        }
        return count;
    }

    private void found(@Nullable String arn) {
        if (arn != null && arn.startsWith("arn:")) {
            home = Home.prefixOf(arn);
        }
    }

    /** Tries a list in each cluster. Returns an ARN of the first cluster, or a made-up id. */
    private String list(PreflightCheck check, List<String> clusters, Function<String, List<String>> call) {
        @Nullable String first = null;
        for (String cluster : clusters) {
            Optional<List<String>> arns = trial.call(check, right(check), "*", () -> {
                try {
                    return call.apply(cluster);
                } catch (ClusterNotFoundException e) {
                    return List.<String>of();
                }
            });
            if (arns.isEmpty()) {
                return NOBODY;
            }
            boolean isOfFirst = cluster.equals(clusters.get(0)) && !arns.get().isEmpty();
            first = isOfFirst ? arns.get().get(0) : first;
        }
        findings.ok(check, ALLOWED);
        return first == null ? NOBODY : first;
    }

    private void describe(String cluster, String task, String instance, String service) {
        tried(
                PreflightCheck.DESCRIBE_TASKS,
                () -> ecs.describeTasks(
                        request -> request.cluster(cluster).tasks(task).overrideConfiguration(Trial.limited())));
        tried(
                PreflightCheck.DESCRIBE_CONTAINER_INSTANCES,
                () -> ecs.describeContainerInstances(request ->
                        request.cluster(cluster).containerInstances(instance).overrideConfiguration(Trial.limited())));
        tried(
                PreflightCheck.DESCRIBE_SERVICES,
                () -> ecs.describeServices(
                        request -> request.cluster(cluster).services(service).overrideConfiguration(Trial.limited())));
    }

    private void tried(PreflightCheck check, java.util.function.Supplier<EcsResponse> call) {
        trial.call(check, right(check), "*", () -> {
                    try {
                        seen(call.get());
                    } catch (ClusterNotFoundException e) {
                        return "allowed; no cluster exists yet";
                    } catch (ClientException e) { // an unknown task definition
                        if (Trial.isDenied(e)) {
                            throw e;
                        }
                    }
                    return ALLOWED;
                })
                .ifPresent(found -> findings.ok(check, found));
    }

    private <R extends EcsResponse> R seen(R answer) {
        clock.answered(answer.sdkHttpResponse());
        return answer;
    }

    private static String right(PreflightCheck check) {
        return check.rights().get(0);
    }
}
