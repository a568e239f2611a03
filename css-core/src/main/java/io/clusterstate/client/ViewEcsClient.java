package io.clusterstate.client;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ClusterStateView;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The AWS SDK's {@code EcsClient} over a view: existing code reads from the view by a change of its client. The SDK's
 * paginators and {@code waiter()} run on it unchanged, and a poll of a waiter then makes no call.
 *
 * <p><b>Answered by the view</b>: ListTasks, DescribeTasks, ListContainerInstances, DescribeContainerInstances,
 * ListServices, DescribeServices and DescribeClusters; if the builder says that the view has them, also ListClusters
 * and DescribeTaskDefinition. ECS's filters, defaults and page sizes hold. Every other operation goes to the delegate.
 *
 * <p><b>Passed to ECS as well</b>, with a {@link DelegationReason}: whatever the view cannot answer truly. That is a
 * request with an {@code include}; a request that names a cluster or an entity which the view does not hold; a request
 * that ECS would refuse. So {@code failures} and errors are ECS's own, but for page tokens. A view that is not ready or
 * misses the read policy passes everything on.
 *
 * <p><b>Own writes</b>: the client remembers its writes until the view shows them. Until then, a read about that entity
 * goes to ECS, and so does a list of its kind in its cluster. With expectations, starts and stops of tasks are laid
 * over the view instead. Writes to tasks and instances by others show within seconds. ECS's own answers follow "an
 * eventual consistency model" too (the ECS API reference, {@code RunTask}).
 *
 * <p><b>Differences from ECS</b>:
 *
 * <ul>
 *   <li>Stopped tasks remain for as long as the store keeps them; ECS promises "at least one hour" (
 *       {@code DescribeTasks}). Keep them no shorter than that.
 *   <li>Fields that no event carries, such as {@code healthStatus}, are as of the mirror's last description of the
 *       entity. The task counts of instances and clusters are those of the view.
 *   <li>An empty list is unset, so that {@code hasAttachments()} and its like say false for both.
 *   <li>A service has as many of its newest events as the mirror keeps, ten by default.
 *   <li>A service is answered by ECS while its counts disagree with its tasks in the view. Another process's change of
 *       a service without any task shows after the next event or reconcile.
 *   <li>A response has no request id.
 * </ul>
 *
 * <p>The view and the delegate have to be of one account and Region. Not to be implemented by applications: methods may
 * be added.
 *
 * <p>Thread: safe for any thread. Blocks: only in the delegate. {@link #close} does nothing: the delegate belongs to
 * the host.
 */
public interface ViewEcsClient extends EcsClient {

    /**
     * Begins a client.
     *
     * @param view the view that answers, of one account and Region
     * @param delegate the client for everything else
     * @return a builder
     * @throws IllegalArgumentException if the view is a composite one: take the view of a member
     */
    static ViewEcsClientBuilder<ViewEcsClient> over(ClusterStateView view, EcsClient delegate) {
        requireNonNull(delegate);
        return new ViewEcsClientBuilder<>(
                view, ViewEcsClient.class, (answers, writes) -> new SyncClientHandler(delegate, answers, writes));
    }

    /**
     * A choice for a single request that ECS has to answer:
     * {@code request.overrideConfiguration(ViewEcsClient.bypass())}. On a paginator's request, it holds for all pages.
     *
     * @return the choice
     */
    static Consumer<AwsRequestOverrideConfiguration.Builder> bypass() {
        return request -> request.putExecutionAttribute(Bypass.ATTRIBUTE, true);
    }

    /**
     * The requests so far.
     *
     * @return the numbers of those that the view answered, and of those that went to ECS
     */
    AnswerCounts counts();

    /**
     * The client that answers what the view cannot.
     *
     * @return the delegate
     */
    EcsClient delegate();
}
