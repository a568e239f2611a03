package io.clusterstate.mirror;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ChangeListenerBuilder;
import io.clusterstate.EntityKind;
import io.clusterstate.client.ViewEcsClient;
import io.clusterstate.internal.ecs.ServiceEvents;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.PoisonHandler;
import io.clusterstate.spi.StateStore;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Builds a {@link ClusterMirror}. {@link #ecs}, {@link #events} and {@link #store} are required; everything else has a
 * default.
 *
 * <p>Every method that takes an argument throws {@link NullPointerException} if it is null, and
 * {@link IllegalArgumentException} if it is out of range; the message names the expected range.
 *
 * <p>Thread: one thread at a time.
 */
public final class ClusterMirrorBuilder {

    /** The interval of the original cluster-state-service: events are rarely lost, and callers share the API budget. */
    private static final Duration RECONCILE_EVERY = Duration.ofMinutes(20);
    /** Longer than the longest poll of {@link SqsEventSource}, and shorter than an orchestrator's grace period. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    /** Each poller receives up to 10 messages a round trip; with more of them the store is the bottleneck. */
    private static final int MOST_POLLERS = 8;

    /** "Wait up to five minutes". Source: the ECS API reference of RunTask, on eventual consistency. */
    private static final Duration ALLOWANCE = Duration.ofMinutes(5);
    /** The other half is for the other callers in the account: the console, deployments, other mirrors. */
    private static final double API_SHARE = 0.5;
    /** A message unreadable this often is no mishap of a single receipt. */
    private static final int POISON_RECEIPTS = 5;
    /** The kinds inside a cluster; instances before tasks, since tasks refer to them. */
    private static final List<EntityKind<?>> FOLLOWABLE =
            List.of(EntityKind.INSTANCE, EntityKind.SERVICE, EntityKind.TASK);

    /** A longer duration is a mistake. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private @Nullable EcsClient ecs;
    private @Nullable EventSource events;
    private @Nullable StateStore store;
    private Clusters clusters = Clusters.all();
    private List<EntityKind<?>> kinds = FOLLOWABLE;
    private @Nullable TaskDefinitions definitions;
    private Duration reconcileEvery = RECONCILE_EVERY;
    private Duration allowance = ALLOWANCE;
    private double apiShare = API_SHARE;
    private ServiceEvents serviceEvents = new ServiceEvents(ServiceEvents.DEFAULT);
    private Consumer<ReconcileReport> reportListener = report -> {};
    private int poisonReceipts = POISON_RECEIPTS;
    private Duration closeLimit = CLOSE_LIMIT;
    private int mostPollers = MOST_POLLERS;
    private @Nullable ThreadPlan plan;
    private Optional<String> homeArn = Optional.empty();
    private PoisonHandler poisonHandler = PoisonHandler.NO_OP;
    private InstantSource clock = InstantSource.system();
    private MonotonicTime time = MonotonicTime.SYSTEM;
    private ThreadFactory threads = Environment::daemon;
    private RandomGenerator random = new Random();

    ClusterMirrorBuilder() {}

    /**
     * Sets the client for the ECS API. It belongs to the host: the mirror does not close it.
     *
     * @param client the client of the account and Region whose clusters the mirror follows; it needs the rights to
     *     ListClusters, DescribeClusters, ListTasks, DescribeTasks, ListContainerInstances, DescribeContainerInstances,
     *     ListServices and DescribeServices. A {@link ViewEcsClient} is refused: the view would wait for itself
     * @return this
     */
    public ClusterMirrorBuilder ecs(EcsClient client) {
        if (client instanceof ViewEcsClient) {
            throw new IllegalArgumentException("client: a ViewEcsClient, which answers from a view"
                    + " (expected: a client that asks ECS, such as its delegate)");
        }
        this.ecs = requireNonNull(client, "client: null (expected: a client)");
        return this;
    }

    /**
     * Sets the source of state-change events. The mirror closes it.
     *
     * @param source the source, such as {@link SqsEventSource}
     * @return this
     */
    public ClusterMirrorBuilder events(EventSource source) {
        this.events = requireNonNull(source, "source: null (expected: an event source)");
        return this;
    }

    /**
     * Sets the store that keeps the state. The mirror closes it.
     *
     * @param stateStore the store, which no other mirror of this process uses
     * @return this
     */
    public ClusterMirrorBuilder store(StateStore stateStore) {
        this.store = requireNonNull(stateStore, "stateStore: null (expected: a store)");
        return this;
    }

    /**
     * Sets the clusters to follow.
     *
     * @param selection the clusters; by default all of the account and Region
     * @return this
     */
    public ClusterMirrorBuilder clusters(Clusters selection) {
        this.clusters = requireNonNull(selection, "selection: null (expected: a selection of clusters)");
        return this;
    }

    /**
     * Sets the kinds to follow inside the clusters. The mirror always follows the clusters themselves.
     *
     * @param followed at least one of {@link EntityKind#TASK}, {@link EntityKind#INSTANCE} and
     *     {@link EntityKind#SERVICE}; by default all three
     * @return this
     */
    public ClusterMirrorBuilder kinds(EntityKind<?>... followed) {
        List<EntityKind<?>> wanted = List.of(followed);
        if (wanted.isEmpty() || !FOLLOWABLE.containsAll(wanted)) {
            throw new IllegalArgumentException("followed: " + wanted + " (expected: some of " + FOLLOWABLE + ")");
        }
        this.kinds = FOLLOWABLE.stream().filter(wanted::contains).toList();
        return this;
    }

    /**
     * Fetches the task definitions that tasks and services refer to, into the store and the view. By default none is
     * fetched. The ECS client then needs the right to DescribeTaskDefinition as well.
     *
     * @param choice the parts to keep, such as {@link TaskDefinitions#referenced()}
     * @return this
     */
    public ClusterMirrorBuilder taskDefinitions(TaskDefinitions choice) {
        this.definitions = requireNonNull(choice, "choice: null (expected: a choice of task definitions)");
        return this;
    }

    /**
     * Sets the pause between two passes over a cluster. Each pause varies by a tenth up or down, so that the passes of
     * many clusters spread out. A shorter pause repairs lost events sooner and uses more of the API budget. In standby
     * the mirror reconciles every minute if this pause is longer.
     *
     * @param pause the pause; by default 20 minutes; from a second to 365 days
     * @return this
     */
    public ClusterMirrorBuilder reconcileEvery(Duration pause) {
        this.reconcileEvery = atLeastASecond("reconcileEvery", pause);
        return this;
    }

    /**
     * Sets the time by which an answer of the ECS API may lag behind. A pass removes no unlisted entity that was listed
     * or changed within this time, and freshness stays this far behind the pass.
     *
     * @param allowance the time; by default 5 minutes, the time that the ECS documentation says to wait; from 0 to 365
     *     days
     * @return this
     */
    public ClusterMirrorBuilder consistencyAllowance(Duration allowance) {
        if (allowance.isNegative() || allowance.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "consistencyAllowance: " + allowance + " (expected: not negative, at most " + LONGEST + ")");
        }
        this.allowance = allowance;
        return this;
    }

    /**
     * Sets the share of ECS's read calls that the mirror may use. ECS limits all callers of an account and Region
     * together: 20 calls a second for clusters, 20 for tasks and instances, 20 for services, and 20 for task
     * definitions. It allows bursts of 50, 100, 100 and 50 calls. While ECS throttles, the mirror slows down further.
     *
     * <p>Mirrors on a shared store divide one share: the leader uses three quarters of it, and each other mirror a
     * sixteenth. Up to five mirrors therefore stay within the share. All mirrors on one store need the same share.
     *
     * @param share the share; by default 0.5; above 0 and finite, and above 1 only if AWS has raised the account's
     *     rates
     * @return this
     */
    public ClusterMirrorBuilder apiShare(double share) {
        if (!(share > 0) || Double.isInfinite(share)) {
            throw new IllegalArgumentException("apiShare: " + share + " (expected: above 0, and finite)");
        }
        this.apiShare = share;
        return this;
    }

    /**
     * Sets how many of the {@code events} of each service the view keeps, the newest first. ECS reports the last 100,
     * about 30 kB for each service, and each new event changes the service. To receive service events as they happen,
     * use {@link ChangeListenerBuilder#onServiceNotice}. All mirrors on one store need the same number.
     *
     * @param most the number; by default 10; 0 to 100
     * @return this
     */
    public ClusterMirrorBuilder serviceEvents(int most) {
        this.serviceEvents = new ServiceEvents(most);
        return this;
    }

    /**
     * Sets a listener that receives the report of each pass, complete or not.
     *
     * @param listener the listener, which the mirror calls on the thread that runs the pass, so it must be quick; the
     *     mirror logs an exception of the listener and continues
     * @return this
     */
    public ClusterMirrorBuilder onReconcile(Consumer<ReconcileReport> listener) {
        this.reportListener = requireNonNull(listener, "listener: null (expected: a listener)");
        return this;
    }

    /**
     * Limits the time that {@link ClusterMirror#close()} takes.
     *
     * @param limit the limit, which must exceed the wait of the event source's poll; by default 10 seconds; from a
     *     second to 365 days
     * @return this
     */
    public ClusterMirrorBuilder closeWithin(Duration limit) {
        this.closeLimit = atLeastASecond("closeWithin", limit);
        return this;
    }

    /**
     * Limits the number of threads that poll. A mirror starts with one, adds more while it receives full batches, and
     * ends them afterwards.
     *
     * @param most the limit; by default 8; at least 1
     * @return this
     */
    public ClusterMirrorBuilder pollers(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("pollers: " + most + " (expected: >= 1)");
        }
        this.mostPollers = most;
        return this;
    }

    /**
     * Sets the handler of unreadable messages in a queue without a redrive policy. The mirror deletes such a message
     * after the handler returns; if the handler throws, the message stays in the queue.
     *
     * @param handler the handler; by default none. The mirror logs each unreadable message in any case
     * @return this
     */
    public ClusterMirrorBuilder onPoison(PoisonHandler handler) {
        this.poisonHandler = requireNonNull(handler, "handler: null (expected: a handler)");
        return this;
    }

    /**
     * Sets after how many receipts the handler of {@link #onPoison} takes an unreadable message, in a queue without a
     * redrive policy.
     *
     * @param receipts the number of receipts; by default 5; at least 1
     * @return this
     */
    public ClusterMirrorBuilder poisonReceipts(int receipts) {
        if (receipts < 1) {
            throw new IllegalArgumentException("poisonReceipts: " + receipts + " (expected: >= 1)");
        }
        this.poisonReceipts = receipts;
        return this;
    }

    /**
     * Sets the wall clock, which the mirror uses for stamps and ages.
     *
     * @param source the clock; by default the system's
     * @return this
     */
    public ClusterMirrorBuilder clock(InstantSource source) {
        this.clock = requireNonNull(source, "source: null (expected: a clock)");
        return this;
    }

    /**
     * Sets the factory of the mirror's threads. The mirror names the threads.
     *
     * @param factory the factory; by default a factory of daemon threads
     * @return this
     */
    public ClusterMirrorBuilder threads(ThreadFactory factory) {
        this.threads = requireNonNull(factory, "factory: null (expected: a thread factory)");
        return this;
    }

    /**
     * Sets the source of randomness for the jitter of pauses.
     *
     * @param generator the generator; by default a {@link Random} with a random seed
     * @return this
     */
    public ClusterMirrorBuilder random(RandomGenerator generator) {
        this.random = requireNonNull(generator, "generator: null (expected: a generator)");
        return this;
    }

    /**
     * Builds the mirror. Nothing starts before {@link ClusterMirror#start()}.
     *
     * @return the mirror
     * @throws IllegalStateException if {@link #ecs}, {@link #events} or {@link #store} is missing, or the AWS SDK on
     *     the class path is too old; the message names the required version
     */
    public ClusterMirror build() {
        SdkProbe.check();
        ecs();
        events();
        store();
        return new ClusterMirror(this);
    }

    EcsClient ecs() {
        return required("ecs", ecs);
    }

    EventSource events() {
        return required("events", events);
    }

    StateStore store() {
        return required("store", store);
    }

    /** Sets the monotonic time for pauses and deadlines, for tests. */
    ClusterMirrorBuilder time(MonotonicTime source) {
        this.time = source;
        return this;
    }

    /** Bounds the threads, instead of {@link #pollers}. */
    ClusterMirrorBuilder plan(ThreadPlan bounded) {
        this.plan = bounded;
        return this;
    }

    /** Fixes the home by an ARN of it, so that a client of another account or Region is noticed. */
    ClusterMirrorBuilder home(Optional<String> anyArn) {
        this.homeArn = anyArn;
        return this;
    }

    Selection selection() {
        Selection selection = new Selection(clusters, kinds);
        homeArn.ifPresent(selection.home()::configure);
        return selection;
    }

    /** The task definitions to fetch; empty for none. */
    Optional<TaskDefinitions> definitions() {
        return Optional.ofNullable(definitions);
    }

    Duration allowance() {
        return allowance;
    }

    double apiShare() {
        return apiShare;
    }

    ServiceEvents serviceEvents() {
        return serviceEvents;
    }

    Consumer<ReconcileReport> reportListener() {
        return reportListener;
    }

    int poisonReceipts() {
        return poisonReceipts;
    }

    Duration reconcileEvery() {
        return reconcileEvery;
    }

    Duration closeLimit() {
        return closeLimit;
    }

    ThreadPlan plan() {
        return plan == null ? ThreadPlan.most(mayClaim(), definitions().isPresent(), mostPollers) : plan;
    }

    /** Whether the mirror claims its source: one with a store of its own does, if the source can be claimed. */
    boolean mayClaim() {
        return store().coordination().isEmpty() && events() instanceof ClaimableSource;
    }

    ThreadFactory threads() {
        return threads;
    }

    PoisonHandler poisonHandler() {
        return poisonHandler;
    }

    /** A new name for a mirror, by which it claims an event source. */
    String newOwner() {
        return "css-" + UUID.randomUUID();
    }

    Environment environment() {
        return new Environment(clock, time, threads, random);
    }

    private static <P> P required(String name, @Nullable P part) {
        if (part == null) {
            throw new IllegalStateException(name + ": not given (expected: one, before build)");
        }
        return part;
    }

    private static Duration atLeastASecond(String name, Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + ": " + duration + " (expected: at least a second, at most " + LONGEST + ")");
        }
        return duration;
    }
}
