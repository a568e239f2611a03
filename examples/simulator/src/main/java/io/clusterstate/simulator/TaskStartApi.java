package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** RunTask and StartTask. */
final class TaskStartApi {
    private static final int MOST = 10;

    private final World world;
    private final TaskLifecycle tasks;
    private final ClusterApi clusters;
    private final Placer placer;
    private final ClientTokens tokens = new ClientTokens();

    TaskStartApi(Simulation simulation, ClusterApi clusters) {
        this.world = simulation.world();
        this.tasks = simulation.tasks();
        this.clusters = clusters;
        this.placer = new Placer(world.random());
    }

    /** Starts tasks, or repeats the answer to an earlier call with the same client token. */
    RunTaskResponse run(RunTaskRequest request) {
        var cluster = clusters.named(request.cluster());
        return tokens.answer(cluster, request, world.now()).orElseGet(() -> {
            var response = run(cluster, request);
            tokens.keep(cluster, request, response, world.now());
            return response;
        });
    }

    private RunTaskResponse run(LiveCluster cluster, RunTaskRequest request) {
        int count = request.count() == null ? 1 : request.count();
        if (count < 1 || count > MOST) {
            throw EcsError.invalid("count: " + count + " (expected: 1 to " + MOST + ")");
        }
        var template = template(world, request.taskDefinition());
        var strategy = Providers.strategy(cluster, request.launchType(), request.capacityProviderStrategy());
        boolean onFargate = request.launchType() == LaunchType.FARGATE || Providers.areFargate(strategy);
        refuseIncompatible(template, onFargate);
        var rules = PlacementRules.of(request.placementConstraints(), request.placementStrategy(), onFargate);
        var asked = new StartRequest(
                template,
                request.group(),
                request.startedBy(),
                request.overrides(),
                request.tags(),
                Objects.requireNonNullElse(request.enableExecuteCommand(), false));
        var started = new ArrayList<LiveTask>();
        List<Failure> failures = List.of();
        for (int i = 0; i < count && failures.isEmpty(); i++) {
            var provider = Providers.next(strategy, started);
            var admitted = rules.within(provider);
            var host = onFargate
                    ? Optional.<LiveHost>empty()
                    : placer.place(cluster, template, asked.groupName(), admitted);
            if (onFargate || host.isPresent()) {
                started.add(start(cluster, asked, host, provider));
            } else {
                failures = refusals(cluster, asked, admitted);
            }
        }
        return RunTaskResponse.builder()
                .tasks(started.stream().map(LiveTask::task).toList())
                .failures(failures)
                .build();
    }

    StartTaskResponse startOn(StartTaskRequest request) {
        var cluster = clusters.named(request.cluster());
        Limits.some("Container instances", request.containerInstances(), MOST);
        var template = template(world, request.taskDefinition());
        var asked = new StartRequest(
                template,
                request.group(),
                request.startedBy(),
                request.overrides(),
                request.tags(),
                Objects.requireNonNullElse(request.enableExecuteCommand(), false));
        var started = new ArrayList<Task>();
        var failures = new ArrayList<Failure>();
        for (var reference : request.containerInstances()) {
            var host = cluster.host(reference);
            var failure = host.isEmpty()
                    ? Optional.of(
                            Failures.missing(world.arns(), "container-instance/" + cluster.name() + "/", reference))
                    : host.get()
                            .refusal(template)
                            .map(reason -> Failures.refused(host.get().arn(), reason));
            if (failure.isPresent()) {
                failures.add(failure.get());
            } else {
                started.add(start(cluster, asked, host, null).task());
            }
        }
        return StartTaskResponse.builder().tasks(started).failures(failures).build();
    }

    /** The template of new tasks and services, which an INACTIVE definition cannot be. */
    static TaskTemplate template(World world, @Nullable String reference) {
        var definition = world.templates()
                .find(Objects.requireNonNullElse(reference, ""))
                .orElseThrow(() -> EcsError.client("TaskDefinition not found."));
        if (!definition.isActive()) {
            throw EcsError.client("TaskDefinition is inactive");
        }
        return definition.template();
    }

    static void refuseIncompatible(TaskTemplate template, boolean onFargate) {
        if (onFargate && !template.fitsFargate()) {
            throw EcsError.invalid("Task definition does not support launch_type FARGATE.");
        }
    }

    private LiveTask start(
            LiveCluster cluster, StartRequest asked, Optional<LiveHost> host, @Nullable String provider) {
        var template = asked.template();
        var placement = host.map(it -> it.take(template)).orElse(null);
        var overrides = asked.overrides();
        var start = new TaskStart(
                template,
                asked.groupName(),
                asked.startedBy(),
                null,
                placement,
                provider,
                overrides == null ? List.of() : overrides.containerOverrides(),
                asked.tags(),
                asked.takesCommands());
        return tasks.start(cluster, start);
    }

    private static List<Failure> refusals(LiveCluster cluster, StartRequest asked, PlacementRules rules) {
        var refusals = cluster.hosts().values().stream()
                .filter(LiveHost::isListed)
                .flatMap(host -> Placer.refusal(host, asked.template(), asked.groupName(), rules)
                        .map(reason -> Failures.refused(host.arn(), reason))
                        .stream())
                .toList();
        if (refusals.isEmpty()) {
            throw EcsError.invalid("No Container Instances were found in your cluster.");
        }
        return refusals;
    }

    private record StartRequest(
            TaskTemplate template,
            @Nullable String group,
            @Nullable String startedBy,
            @Nullable TaskOverride overrides,
            List<Tag> tags,
            boolean takesCommands) {
        StartRequest {
            tags = List.copyOf(tags);
        }

        String groupName() {
            return group == null ? "family:" + template.family() : group;
        }
    }
}
