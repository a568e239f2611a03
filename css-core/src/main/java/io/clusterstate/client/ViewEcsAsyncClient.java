package io.clusterstate.client;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ClusterStateView;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.ecs.EcsAsyncClient;

/**
 * The AWS SDK's {@code EcsAsyncClient} over a view: {@link ViewEcsClient} in futures. It answers the same requests, has
 * the same differences from ECS and the same rules for own writes. Not to be implemented by applications: methods may
 * be added.
 *
 * <p>A future of the view's answer is complete at once, but for the later pages of a list, which the common pool
 * completes. A future of a write completes once the write is remembered, so that whatever follows it reads the write.
 * Cancelling a future cancels the delegate's; a write cancelled so counts as one without an answer. Futures fail as the
 * SDK's do: {@code join()} throws a {@code CompletionException} whose cause is the {@code EcsException}.
 *
 * <p>Thread: safe for any thread. The delegate's threads complete the futures of its answers; the polls of all waiters
 * share a thread that ends by itself. Blocks: never. {@link #close} does nothing: the delegate belongs to the host.
 */
public interface ViewEcsAsyncClient extends EcsAsyncClient {

    /**
     * Begins a client.
     *
     * @param view the view that answers, of one account and Region
     * @param delegate the client for everything else
     * @return a builder
     * @throws IllegalArgumentException if the view is a composite one: take the view of a member
     */
    static ViewEcsClientBuilder<ViewEcsAsyncClient> over(ClusterStateView view, EcsAsyncClient delegate) {
        requireNonNull(delegate);
        return new ViewEcsClientBuilder<>(
                view, ViewEcsAsyncClient.class, (answers, writes) -> new AsyncClientHandler(delegate, answers, writes));
    }

    /**
     * A choice for a single request that ECS has to answer, as {@link ViewEcsClient#bypass()}.
     *
     * @return the choice
     */
    static Consumer<AwsRequestOverrideConfiguration.Builder> bypass() {
        return ViewEcsClient.bypass();
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
    EcsAsyncClient delegate();
}
