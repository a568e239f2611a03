package io.clusterstate;

import io.clusterstate.ApiBudget.Category;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heart;
import io.clusterstate.internal.shape.Canonical;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.TaskField;

/**
 * The listing and describing operations of ECS: pages of ARNs, and the entities behind them in the one shape. Limits of
 * the calls: the ECS API reference (List… up to 100 a page; Describe… up to 100, services up to 10).
 *
 * <p>Thread: safe for any thread. Blocks: for the calls.
 */
final class Inventory {

    /** Works on a page of ARNs. */
    @FunctionalInterface
    interface PageAction {
        void accept(List<String> arns) throws InterruptedException;
    }

    private static final int PAGE = 100;
    private static final int SERVICES = 10;
    /** The one reason that says that there is no such thing. Source: the ECS API reference, "API failure reasons". */
    private static final String MISSING = "MISSING";

    private final EcsApi api;
    private final ApiTally meter;
    private final Heart heart;

    /** An inventory whose calls are counted by {@code meter}, and show that {@code heart} beats. */
    Inventory(EcsApi api, ApiTally meter, Heart heart) {
        this.api = api;
        this.meter = meter;
        this.heart = heart;
    }

    /** How many entities of a kind one Describe call takes. */
    static int mostDescribed(EntityKind<?> kind) {
        return kind == EntityKind.SERVICE ? SERVICES : PAGE;
    }

    /** From which of ECS's buckets the calls about a kind are paid. */
    static Category categoryOf(EntityKind<?> kind) {
        if (kind == EntityKind.CLUSTER) {
            return Category.CLUSTER;
        }
        return kind == EntityKind.SERVICE ? Category.SERVICE : Category.CLUSTER_RESOURCE;
    }

    /** The ARNs of all clusters of the account and Region. */
    List<String> clusterArns() throws InterruptedException {
        List<String> all = new ArrayList<>();
        forEachPage(
                token -> call(
                        "ListClusters",
                        Category.CLUSTER,
                        ecs -> ecs.listClusters(request ->
                                request.maxResults(PAGE).nextToken(token).overrideConfiguration(EcsApi.once()))),
                answer -> new Page(answer.clusterArns(), answer.nextToken()),
                all::addAll);
        return all;
    }

    /** The ARNs of every task, instance or service of a cluster, as the pages arrive; an empty page is passed over. */
    void forEachPage(EntityKind<?> kind, String clusterArn, PageAction action) throws InterruptedException {
        if (kind == EntityKind.TASK) {
            forEachTaskPage(clusterArn, DesiredStatus.RUNNING, action);
            forEachTaskPage(clusterArn, DesiredStatus.STOPPED, action);
        } else if (kind == EntityKind.INSTANCE) {
            forEachInstancePage(clusterArn, action);
        } else if (kind == EntityKind.SERVICE) {
            forEachServicePage(clusterArn, action);
        } else {
            throw new IllegalArgumentException("kind: " + kind + " (expected: a kind that lives in a cluster)");
        }
    }

    /**
     * What ECS says now of any number of entities, in as many calls as that takes.
     *
     * @param clusterArn of their cluster; not looked at for clusters
     */
    <T> Described<T> describe(EntityKind<T> kind, String clusterArn, List<String> arns) throws InterruptedException {
        Described<T> all = Described.none();
        int most = mostDescribed(kind);
        for (int from = 0; from < arns.size(); from += most) {
            all.add(describePart(kind, clusterArn, arns.subList(from, Math.min(arns.size(), from + most))));
        }
        return all;
    }

    /** One ARN that ECS does not take for one must not spoil the question about the others: it is then asked alone. */
    private <T> Described<T> describePart(EntityKind<T> kind, String clusterArn, List<String> arns)
            throws InterruptedException {
        try {
            return describeAtOnce(kind, clusterArn, arns);
        } catch (InvalidParameterException e) {
            Described<T> all = Described.none();
            if (arns.size() == 1) {
                all.unknown().put(arns.get(0), FailureText.of(e));
                return all;
            }
            for (String arn : arns) {
                all.add(describePart(kind, clusterArn, List.of(arn)));
            }
            return all;
        }
    }

    private <T> Described<T> describeAtOnce(EntityKind<T> kind, String clusterArn, List<String> arns)
            throws InterruptedException {
        if (kind == EntityKind.TASK) {
            return described(kind, arns, describeTasks(clusterArn, arns));
        }
        if (kind == EntityKind.INSTANCE) {
            return described(kind, arns, describeInstances(clusterArn, arns));
        }
        if (kind == EntityKind.SERVICE) {
            return described(kind, arns, describeServices(clusterArn, arns));
        }
        return described(kind, arns, describeClusters(arns));
    }

    private void forEachTaskPage(String clusterArn, DesiredStatus desired, PageAction action)
            throws InterruptedException {
        forEachPage(
                token -> call(
                        "ListTasks",
                        Category.CLUSTER_RESOURCE,
                        ecs -> ecs.listTasks(request -> request.cluster(clusterArn)
                                .desiredStatus(desired)
                                .maxResults(PAGE)
                                .nextToken(token)
                                .overrideConfiguration(EcsApi.once()))),
                answer -> new Page(answer.taskArns(), answer.nextToken()),
                action);
    }

    private void forEachInstancePage(String clusterArn, PageAction action) throws InterruptedException {
        forEachPage(
                token -> call(
                        "ListContainerInstances",
                        Category.CLUSTER_RESOURCE,
                        ecs -> ecs.listContainerInstances(request -> request.cluster(clusterArn)
                                .maxResults(PAGE)
                                .nextToken(token)
                                .overrideConfiguration(EcsApi.once()))),
                answer -> new Page(answer.containerInstanceArns(), answer.nextToken()),
                action);
    }

    private void forEachServicePage(String clusterArn, PageAction action) throws InterruptedException {
        forEachPage(
                token -> call(
                        "ListServices",
                        Category.SERVICE,
                        ecs -> ecs.listServices(request -> request.cluster(clusterArn)
                                .maxResults(PAGE)
                                .nextToken(token)
                                .overrideConfiguration(EcsApi.once()))),
                answer -> new Page(answer.serviceArns(), answer.nextToken()),
                action);
    }

    private Answer describeTasks(String clusterArn, List<String> arns) throws InterruptedException {
        var answer = call(
                "DescribeTasks",
                Category.CLUSTER_RESOURCE,
                ecs -> ecs.describeTasks(request -> request.cluster(clusterArn)
                        .tasks(arns)
                        .include(TaskField.TAGS)
                        .overrideConfiguration(EcsApi.once())));
        return new Answer(answer.tasks(), answer.failures());
    }

    private Answer describeInstances(String clusterArn, List<String> arns) throws InterruptedException {
        var answer = call(
                "DescribeContainerInstances",
                Category.CLUSTER_RESOURCE,
                ecs -> ecs.describeContainerInstances(request -> request.cluster(clusterArn)
                        .containerInstances(arns)
                        .include(ContainerInstanceField.TAGS, ContainerInstanceField.CONTAINER_INSTANCE_HEALTH)
                        .overrideConfiguration(EcsApi.once())));
        return new Answer(answer.containerInstances(), answer.failures());
    }

    private Answer describeServices(String clusterArn, List<String> arns) throws InterruptedException {
        var answer = call(
                "DescribeServices",
                Category.SERVICE,
                ecs -> ecs.describeServices(request -> request.cluster(clusterArn)
                        .services(arns)
                        .include(ServiceField.TAGS)
                        .overrideConfiguration(EcsApi.once())));
        return new Answer(answer.services(), answer.failures());
    }

    private Answer describeClusters(List<String> arns) throws InterruptedException {
        var answer = call(
                "DescribeClusters",
                Category.CLUSTER,
                ecs -> ecs.describeClusters(request -> request.clusters(arns)
                        .include(ClusterField.TAGS, ClusterField.SETTINGS)
                        .overrideConfiguration(EcsApi.once())));
        return new Answer(answer.clusters(), answer.failures());
    }

    private <R> R call(String operation, Category category, Function<EcsClient, R> call) throws InterruptedException {
        return api.call(operation, category, meter, heart, call);
    }

    /** One page of a List call. */
    private record Page(List<String> arns, @Nullable String nextToken) {}

    /** One page's call, by the token of the page before. */
    @FunctionalInterface
    private interface PageCall<R> {
        R call(@Nullable String token) throws InterruptedException;
    }

    private static <R> void forEachPage(PageCall<R> call, Function<R, Page> reader, PageAction action)
            throws InterruptedException {
        String token = null;
        do {
            Page page = reader.apply(call.call(token));
            if (!page.arns().isEmpty()) {
                action.accept(page.arns());
            }
            if (page.nextToken() != null && page.nextToken().equals(token)) {
                throw new IllegalStateException("nextToken: " + token + " again (expected: another page, or the end)");
            }
            token = page.nextToken();
        } while (token != null);
    }

    /** What any of the Describe calls answers. */
    private record Answer(List<?> values, List<Failure> failures) {}

    private static <T> Described<T> described(EntityKind<T> kind, List<String> asked, Answer answer) {
        List<T> found = new ArrayList<>(answer.values().size());
        Set<String> open = new HashSet<>(asked);
        for (Object value : answer.values()) {
            T entity = Canonical.of(kind.type(), kind.type().cast(value));
            found.add(entity);
            open.remove(kind.arnOf(entity));
        }
        Set<String> missing = new HashSet<>();
        Map<String, String> unknown = new HashMap<>();
        for (Failure failure : answer.failures()) {
            if (MISSING.equals(failure.reason()) && failure.arn() != null) {
                missing.add(failure.arn());
            } else if (failure.arn() != null) {
                unknown.put(failure.arn(), failure.reason() + " " + failure.detail());
            }
        }
        open.removeAll(missing);
        open.forEach(arn -> unknown.putIfAbsent(arn, "not answered"));
        return new Described<>(found, missing, unknown);
    }
}
