package io.clusterstate;

import io.clusterstate.Answer.Unclear;
import io.clusterstate.ApiBudget.Category;
import io.clusterstate.EcsApi.Stamped;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heart;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Service;
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
     * What ECS answers about any number of entities, in as many calls as that takes.
     *
     * @param clusterArn of their cluster; not looked at for clusters
     */
    <T> DescribeAnswers<T> describe(EntityKind<T> kind, String clusterArn, List<String> arns)
            throws InterruptedException {
        DescribeAnswers<T> all = new DescribeAnswers<>();
        int most = mostDescribed(kind);
        for (int from = 0; from < arns.size(); from += most) {
            all.add(describePart(kind, clusterArn, arns.subList(from, Math.min(arns.size(), from + most))));
        }
        return all;
    }

    /** One ARN that ECS refuses must not spoil the answers about the others: the question is halved until it is alone. */
    private <T> DescribeAnswers<T> describePart(EntityKind<T> kind, String clusterArn, List<String> arns)
            throws InterruptedException {
        try {
            return describeAtOnce(kind, clusterArn, arns);
        } catch (EcsException e) {
            if (!isAboutOne(kind, e)) {
                throw e;
            }
            if (arns.size() == 1) {
                return DescribeAnswers.same(arns, new Unclear<>(FailureText.of(e), EcsApi.isDenied(e)));
            }
            int half = arns.size() / 2;
            DescribeAnswers<T> both = describePart(kind, clusterArn, arns.subList(0, half));
            both.add(describePart(kind, clusterArn, arns.subList(half, arns.size())));
            return both;
        }
    }

    /** Whether a refusal can be about one of those asked for: rights are for each cluster, and so for what is in it. */
    private static boolean isAboutOne(EntityKind<?> kind, EcsException refusal) {
        return refusal instanceof InvalidParameterException || (kind == EntityKind.CLUSTER && EcsApi.isDenied(refusal));
    }

    private <T> DescribeAnswers<T> describeAtOnce(EntityKind<T> kind, String clusterArn, List<String> arns)
            throws InterruptedException {
        if (kind == EntityKind.TASK) {
            return answers(
                    kind,
                    arns,
                    describeTasks(clusterArn, arns),
                    DescribeTasksResponse::tasks,
                    DescribeTasksResponse::failures);
        }
        if (kind == EntityKind.INSTANCE) {
            return answers(
                    kind,
                    arns,
                    describeInstances(clusterArn, arns),
                    DescribeContainerInstancesResponse::containerInstances,
                    DescribeContainerInstancesResponse::failures);
        }
        if (kind == EntityKind.SERVICE) {
            return answers(
                    kind, arns, describeServices(clusterArn, arns), this::services, DescribeServicesResponse::failures);
        }
        return answers(
                kind,
                arns,
                describeClusters(arns),
                DescribeClustersResponse::clusters,
                DescribeClustersResponse::failures);
    }

    private List<Service> services(DescribeServicesResponse answer) {
        return answer.services().stream()
                .map(service -> api.serviceEvents().trimmed(EntityKind.SERVICE, service))
                .toList();
    }

    private static <T, R> DescribeAnswers<T> answers(
            EntityKind<T> kind,
            List<String> asked,
            Stamped<R> answer,
            Function<R, List<?>> values,
            Function<R, List<Failure>> failures) {
        return DescribeAnswers.of(
                kind, asked, values.apply(answer.value()), failures.apply(answer.value()), answer.askedAt());
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

    private Stamped<DescribeTasksResponse> describeTasks(String clusterArn, List<String> arns)
            throws InterruptedException {
        return call(
                "DescribeTasks",
                Category.CLUSTER_RESOURCE,
                ecs -> ecs.describeTasks(request -> request.cluster(clusterArn)
                        .tasks(arns)
                        .include(TaskField.TAGS)
                        .overrideConfiguration(EcsApi.once())));
    }

    private Stamped<DescribeContainerInstancesResponse> describeInstances(String clusterArn, List<String> arns)
            throws InterruptedException {
        return call(
                "DescribeContainerInstances",
                Category.CLUSTER_RESOURCE,
                ecs -> ecs.describeContainerInstances(request -> request.cluster(clusterArn)
                        .containerInstances(arns)
                        .include(ContainerInstanceField.TAGS, ContainerInstanceField.CONTAINER_INSTANCE_HEALTH)
                        .overrideConfiguration(EcsApi.once())));
    }

    private Stamped<DescribeServicesResponse> describeServices(String clusterArn, List<String> arns)
            throws InterruptedException {
        return call(
                "DescribeServices",
                Category.SERVICE,
                ecs -> ecs.describeServices(request -> request.cluster(clusterArn)
                        .services(arns)
                        .include(ServiceField.TAGS)
                        .overrideConfiguration(EcsApi.once())));
    }

    private Stamped<DescribeClustersResponse> describeClusters(List<String> arns) throws InterruptedException {
        return call(
                "DescribeClusters",
                Category.CLUSTER,
                ecs -> ecs.describeClusters(request -> request.clusters(arns)
                        .include(ClusterField.TAGS, ClusterField.SETTINGS)
                        .overrideConfiguration(EcsApi.once())));
    }

    private <R> Stamped<R> call(String operation, Category category, Function<EcsClient, R> call)
            throws InterruptedException {
        return api.call(operation, category, meter, heart, call);
    }

    /** One page of a List call. */
    private record Page(List<String> arns, @Nullable String nextToken) {}

    /** One page's call, by the token of the page before. */
    @FunctionalInterface
    private interface PageCall<R> {
        Stamped<R> call(@Nullable String token) throws InterruptedException;
    }

    private static <R> void forEachPage(PageCall<R> call, Function<R, Page> reader, PageAction action)
            throws InterruptedException {
        String token = null;
        do {
            Page page = reader.apply(call.call(token).value());
            if (!page.arns().isEmpty()) {
                action.accept(page.arns());
            }
            if (page.nextToken() != null && page.nextToken().equals(token)) {
                throw new IllegalStateException("nextToken: " + token + " again (expected: another page, or the end)");
            }
            token = page.nextToken();
        } while (token != null);
    }
}
