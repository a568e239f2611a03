package io.clusterstate.internal.ecs;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.ApiBudget.Category;
import io.clusterstate.internal.ecs.DescribeAnswer.Found;
import io.clusterstate.internal.ecs.DescribeAnswer.Unclear;
import io.clusterstate.internal.ecs.EcsApi.Stamped;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.internal.shape.Canonical;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskField;

/**
 * The list and describe operations of ECS: pages of ARNs, and the entities behind them in their canonical shape. The
 * limits of the calls are in the ECS API reference (List… up to 100 a page; Describe… up to 100, services up to 10).
 *
 * <p>Thread: safe for any thread. Blocks: for the calls.
 */
public final class Inventory {

    /** An action on a page of ARNs. */
    @FunctionalInterface
    public interface PageAction {

        /**
         * Takes a page.
         *
         * @param arns the page; never empty
         * @throws InterruptedException if the thread was interrupted
         */
        void accept(List<String> arns) throws InterruptedException;
    }

    private static final int PAGE = 100;
    private static final int SERVICES = 10;

    private final EcsApi api;
    private final ApiCounters meter;
    private final Heartbeat heartbeat;

    /**
     * Creates an inventory.
     *
     * @param api the door to ECS
     * @param meter the counters of this inventory's calls, besides the door's own counters
     * @param heartbeat the heartbeat, which beats before each attempt of a call
     */
    public Inventory(EcsApi api, ApiCounters meter, Heartbeat heartbeat) {
        this.api = api;
        this.meter = meter;
        this.heartbeat = heartbeat;
    }

    /**
     * The number of entities that a describe call takes.
     *
     * @param kind the kind of entity
     * @return 10 for services, else 100
     */
    public static int mostDescribed(EntityKind<?> kind) {
        return kind == EntityKind.SERVICE ? SERVICES : PAGE;
    }

    /**
     * The bucket of ECS that calls about a kind draw on.
     *
     * @param kind the kind of entity
     * @return the bucket's category
     */
    public static Category categoryOf(EntityKind<?> kind) {
        if (kind == EntityKind.CLUSTER) {
            return Category.CLUSTER;
        }
        return kind == EntityKind.SERVICE ? Category.SERVICE : Category.CLUSTER_RESOURCE;
    }

    /**
     * Lists the clusters of the account and Region.
     *
     * @return their ARNs, from all pages
     * @throws InterruptedException if the thread was interrupted
     */
    public List<String> clusterArns() throws InterruptedException {
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

    /**
     * Lists every task, instance or service of a cluster.
     *
     * @param kind tasks, instances or services
     * @param clusterArn the cluster
     * @param action the action on each page as it arrives; it never receives an empty page
     * @throws InterruptedException if the thread was interrupted
     */
    public void forEachPage(EntityKind<?> kind, String clusterArn, PageAction action) throws InterruptedException {
        if (kind == EntityKind.TASK) {
            forEachTaskPage(clusterArn, DesiredStatus.RUNNING, action);
            forEachTaskPage(clusterArn, DesiredStatus.STOPPED, action);
        } else if (kind == EntityKind.INSTANCE) {
            forEachInstancePage(clusterArn, action);
        } else if (kind == EntityKind.SERVICE) {
            forEachServicePage(clusterArn, action);
        } else {
            throw new IllegalArgumentException("kind: " + kind + " (expected: a kind that belongs to a cluster)");
        }
    }

    /**
     * Lists the tasks that a call has started: those that are to run, else those that are to stop. Source: the ECS API
     * reference, {@code ListTasks}: {@code startedBy} must be the only filter besides the status.
     *
     * @param cluster the name or ARN of the cluster
     * @param startedBy the call's mark
     * @return their ARNs, from all pages
     * @throws InterruptedException if the thread was interrupted
     */
    public List<String> taskArnsStartedBy(String cluster, String startedBy) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (DesiredStatus desired : List.of(DesiredStatus.RUNNING, DesiredStatus.STOPPED)) {
            if (all.isEmpty()) {
                forEachPage(
                        token -> call(
                                "ListTasks",
                                Category.CLUSTER_RESOURCE,
                                ecs -> ecs.listTasks(request -> request.cluster(cluster)
                                        .startedBy(startedBy)
                                        .desiredStatus(desired)
                                        .maxResults(PAGE)
                                        .nextToken(token)
                                        .overrideConfiguration(EcsApi.once()))),
                        answer -> new Page(answer.taskArns(), answer.nextToken()),
                        all::addAll);
            }
        }
        return all;
    }

    /**
     * Describes any number of entities, in as many calls as necessary.
     *
     * @param kind the kind of all of them
     * @param clusterArn their cluster; ignored for clusters
     * @param arns their ARNs, ids or names
     * @param <T> the AWS SDK's type of the entities
     * @return an answer for each of {@code arns}
     * @throws InterruptedException if the thread was interrupted
     */
    public <T> DescribeAnswers<T> describe(EntityKind<T> kind, String clusterArn, List<String> arns)
            throws InterruptedException {
        DescribeAnswers<T> all = new DescribeAnswers<>();
        int most = mostDescribed(kind);
        for (int from = 0; from < arns.size(); from += most) {
            all.add(describePart(kind, clusterArn, arns.subList(from, Math.min(arns.size(), from + most))));
        }
        return all;
    }

    /**
     * Describes a task definition. ECS takes one a call.
     *
     * @param arn the definition's ARN
     * @param trim leaves out the parts that no store may have, before anything of the answer is kept
     * @return the definition, with the stamp of the answer
     * @throws InterruptedException if the thread was interrupted
     */
    public Found<TaskDefinition> describeTaskDefinition(String arn, UnaryOperator<TaskDefinition> trim)
            throws InterruptedException {
        Stamped<DescribeTaskDefinitionResponse> answer = call(
                "DescribeTaskDefinition",
                Category.TASK_DEFINITION,
                ecs -> ecs.describeTaskDefinition(
                        request -> request.taskDefinition(arn).overrideConfiguration(EcsApi.once())));
        TaskDefinition definition = trim.apply(answer.value().taskDefinition());
        return new Found<>(Canonical.of(TaskDefinition.class, definition), answer.askedAt());
    }

    /**
     * Describes entities although ECS may refuse the whole request because of one ARN: it halves the request until that
     * ARN is alone.
     */
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

    /**
     * Whether a single entity of the request can be the reason of a refusal. ECS grants access by cluster, and thereby
     * to everything in it.
     */
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
        return api.call(operation, category, meter, heartbeat, call);
    }

    /** A page of a list call. */
    private record Page(List<String> arns, @Nullable String nextToken) {}

    /** The call for a page, given the token of the page before. */
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
                throw new IllegalStateException("nextToken: " + token + " repeated (expected: a new token, or none)");
            }
            token = page.nextToken();
        } while (token != null);
    }
}
