package io.clusterstate.client;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeView;
import io.clusterstate.Expectations;
import io.clusterstate.ReadPolicy;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link ViewEcsClient} or a {@link ViewEcsAsyncClient}.
 *
 * <p>Thread: for one thread.
 *
 * @param <C> the client
 */
public final class ViewEcsClientBuilder<C> {

    private final ClusterStateView view;
    private final Class<C> client;
    private final BiFunction<ViewAnswers, WriteNotes, ViewClientHandler> handler;
    private ReadPolicy policy = ReadPolicy.any();
    private @Nullable Expectations mine;
    private InstantSource clock = InstantSource.system();
    private Duration tokenLifetime = Duration.ofMinutes(10);
    private boolean hasDefinitions;
    private boolean hasAllClusters;

    ViewEcsClientBuilder(
            ClusterStateView view, Class<C> client, BiFunction<ViewAnswers, WriteNotes, ViewClientHandler> handler) {
        if (view instanceof CompositeView composite) {
            throw new IllegalArgumentException("view: " + composite
                    + " (expected: the view of one member, since a client has one Region and account)");
        }
        this.view = requireNonNull(view);
        this.client = client;
        this.handler = handler;
    }

    /**
     * Sets the demands on the view; a view that misses them passes a request to ECS. A request about a single cluster
     * measures staleness by that cluster.
     *
     * @param demands the policy; by default any ready view answers
     * @return this builder
     */
    public ViewEcsClientBuilder<C> readPolicy(ReadPolicy demands) {
        policy = requireNonNull(demands);
        return this;
    }

    /**
     * Lays the starts and stops of tasks through this client over the view: RunTask, StartTask and StopTask feed the
     * expectations, and all reads are from their snapshot.
     *
     * @param expectations the expectations of the view's mirror or reader
     * @return this builder
     */
    public ViewEcsClientBuilder<C> expectations(Expectations expectations) {
        mine = requireNonNull(expectations);
        return this;
    }

    /**
     * Answers DescribeTaskDefinition for a certain revision in the view. The mirror has to keep definitions as a whole,
     * {@code TaskDefinitions.referenced().withEnvironment()}: code that registers a changed copy would otherwise lose
     * what the mirror left out. A definition that was deregistered since may still be {@code ACTIVE}.
     *
     * @return this builder
     */
    public ViewEcsClientBuilder<C> taskDefinitions() {
        hasDefinitions = true;
        return this;
    }

    /**
     * Answers ListClusters. The mirror has to follow all clusters of its account and Region, which the view cannot
     * know. No event reports a cluster: one that another process creates shows after the first event about its tasks or
     * instances, or the mirror's next list of clusters.
     *
     * @return this builder
     */
    public ViewEcsClientBuilder<C> allClusters() {
        hasAllClusters = true;
        return this;
    }

    /**
     * Sets the time for which the pages of a list can be asked for. A list stays as of its first page. A later token
     * fails with an {@code InvalidParameterException}, and so does one of a list before the last 256.
     *
     * @param lifetime the time from the first page on; by default 10 minutes; more than zero
     * @return this builder
     */
    public ViewEcsClientBuilder<C> pageTokensLast(Duration lifetime) {
        if (lifetime.isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException("lifetime: " + lifetime + " (expected: more than zero)");
        }
        tokenLifetime = lifetime;
        return this;
    }

    /**
     * Sets the clock for page tokens, and for the times of writes, which are compared with those of the view.
     *
     * @param source the clock; by default the system's
     * @return this builder
     */
    public ViewEcsClientBuilder<C> clock(InstantSource source) {
        clock = requireNonNull(source);
        return this;
    }

    /**
     * Builds the client.
     *
     * @return the client, which has nothing to close
     */
    public C build() {
        OwnWrites writes = new OwnWrites();
        var reads = new LocalReads(writes, new PinnedLists(clock, tokenLifetime), hasDefinitions, hasAllClusters);
        ViewAnswers answers = new ViewAnswers(view, policy, mine, reads);
        WriteNotes notes = new WriteNotes(writes, clock, mine, answers::now);
        return client.cast(Proxy.newProxyInstance(
                client.getClassLoader(), new Class<?>[] {client}, handler.apply(answers, notes)));
    }
}
