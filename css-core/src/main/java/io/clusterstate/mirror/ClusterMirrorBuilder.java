package io.clusterstate.mirror;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ChangeListenerBuilder;
import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.ServiceEvents;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.PoisonHandler;
import io.clusterstate.spi.StateStore;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Puts a {@link ClusterMirror} together. {@link #ecs}, {@link #events} and {@link #store} are required.
 *
 * <p>Thread: one thread at a time.
 */
public final class ClusterMirrorBuilder {

    /** As the original cluster-state-service did: drift of lost events is rare, and the API's budget is shared. */
    private static final Duration RECONCILE_EVERY = Duration.ofMinutes(20);
    /** Longer than the longest poll of {@link SqsEventSource}, shorter than an orchestrator's grace period. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    /** Each brings up to 10 messages a round trip; beyond this the store is the limit. */
    private static final int MOST_POLLERS = 8;

    /** "Wait up to five minutes". Source: the ECS API reference of RunTask, on eventual consistency. */
    private static final Duration ALLOWANCE = Duration.ofMinutes(5);
    /** The other half is for those who share the account: the console, deployments, other mirrors. */
    private static final double API_SHARE = 0.5;
    /** By then it is no mishap of one receipt. */
    private static final int POISON_RECEIPTS = 5;
    /** What lives in a cluster; instances before tasks, which name them. */
    private static final List<EntityKind<?>> FOLLOWABLE =
            List.of(EntityKind.INSTANCE, EntityKind.SERVICE, EntityKind.TASK);

    /** Beyond this, a duration is a mistake. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private @Nullable EcsClient ecs;
    private @Nullable EventSource events;
    private @Nullable StateStore store;
    private Clusters clusters = Clusters.all();
    private List<EntityKind<?>> kinds = FOLLOWABLE;
    private Duration reconcileEvery = RECONCILE_EVERY;
    private Duration allowance = ALLOWANCE;
    private double apiShare = API_SHARE;
    private ServiceEvents serviceEvents = new ServiceEvents(ServiceEvents.DEFAULT);
    private Consumer<ReconcileReport> reportListener = report -> {};
    private int poisonReceipts = POISON_RECEIPTS;
    private Duration closeLimit = CLOSE_LIMIT;
    private int mostPollers = MOST_POLLERS;
    private PoisonHandler poisonHandler = PoisonHandler.NO_OP;
    private InstantSource clock = InstantSource.system();
    private MonotonicTime time = MonotonicTime.SYSTEM;
    private ThreadFactory threads = ClusterMirrorBuilder::daemon;
    private RandomGenerator random = new Random();

    ClusterMirrorBuilder() {}

    /**
     * The client for the ECS API. It stays the host's: the mirror does not close it.
     *
     * @param client of the account and Region whose clusters are followed; needs the rights to ListClusters,
     *     DescribeClusters, ListTasks, DescribeTasks, ListContainerInstances, DescribeContainerInstances, ListServices
     *     and DescribeServices
     * @return this
     */
    public ClusterMirrorBuilder ecs(EcsClient client) {
        this.ecs = requireNonNull(client, "client: null (expected: a client)");
        return this;
    }

    /**
     * Where state-change events come from. The mirror closes it.
     *
     * @param source such as {@link SqsEventSource}
     * @return this
     */
    public ClusterMirrorBuilder events(EventSource source) {
        this.events = requireNonNull(source, "source: null (expected: an event source)");
        return this;
    }

    /**
     * Where the state is held. The mirror closes it.
     *
     * @param stateStore a store that no other mirror of this process uses
     * @return this
     */
    public ClusterMirrorBuilder store(StateStore stateStore) {
        this.store = requireNonNull(stateStore, "stateStore: null (expected: a store)");
        return this;
    }

    /**
     * Which clusters to follow.
     *
     * @param selection by default all of the account and Region
     * @return this
     */
    public ClusterMirrorBuilder clusters(Clusters selection) {
        this.clusters = requireNonNull(selection, "selection: null (expected: a choice of clusters)");
        return this;
    }

    /**
     * Which kinds of what lives in a cluster to follow. Clusters themselves are always followed.
     *
     * @param followed some of {@link EntityKind#TASK}, {@link EntityKind#INSTANCE} and {@link EntityKind#SERVICE}; by
     *     default all three
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
     * How long to pause after one comparison of a cluster with the ECS API before the next; a tenth of it more or less,
     * so that clusters do not come all at once. Shorter repairs lost events sooner and costs more of the API's request
     * budget.
     *
     * @param pause by default 20 minutes; at least a second
     * @return this
     */
    public ClusterMirrorBuilder reconcileEvery(Duration pause) {
        this.reconcileEvery = atLeastASecond("reconcileEvery", pause);
        return this;
    }

    /**
     * How far behind itself the ECS API may answer. What was heard of more lately is not taken to be gone because ECS
     * does not list it, and freshness stays so far behind the comparison.
     *
     * @param allowance by default 5 minutes, which is as long as ECS's documentation says to wait; not negative
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
     * Which share the mirror may use of the read calls that ECS allows all callers of an account and Region together:
     * per second 20 about clusters, 20 about tasks and instances, 20 about services, and 50, 100 and 100 in a burst. It
     * slows down further while ECS throttles.
     *
     * @param share by default 0.5; above 0, and above 1 where AWS has raised the account's rates
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
     * How many of the {@code events} of each service to keep, the newest first. ECS reports the last 100, which are
     * some 30 kB of each service, and each new one makes the service another. What happens to services is to be had as
     * it happens, too: {@link ChangeListenerBuilder#onServiceNotice}. Mirrors of one store are to have one number.
     *
     * @param most by default 10; 0 to 100
     * @return this
     */
    public ClusterMirrorBuilder serviceEvents(int most) {
        this.serviceEvents = new ServiceEvents(most);
        return this;
    }

    /**
     * Who is told what each comparison with the ECS API came to.
     *
     * @param listener called on the thread that compares, so it must be quick; what it throws is logged
     * @return this
     */
    public ClusterMirrorBuilder onReconcile(Consumer<ReconcileReport> listener) {
        this.reportListener = requireNonNull(listener, "listener: null (expected: a listener)");
        return this;
    }

    /**
     * How long {@link ClusterMirror#close()} may take.
     *
     * @param limit by default 10 seconds; at least a second, and longer than the event source's poll
     * @return this
     */
    public ClusterMirrorBuilder closeWithin(Duration limit) {
        this.closeLimit = atLeastASecond("closeWithin", limit);
        return this;
    }

    /**
     * How many threads may poll at once. One polls at first; more come while batches are full.
     *
     * @param most by default 8; at least 1
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
     * Who is handed messages that cannot be understood before they are deleted, where the queue has no redrive policy.
     *
     * @param handler by default nobody; the mirror logs them all the same
     * @return this
     */
    public ClusterMirrorBuilder onPoison(PoisonHandler handler) {
        this.poisonHandler = requireNonNull(handler, "handler: null (expected: a handler)");
        return this;
    }

    /**
     * How often a message that cannot be understood is received before it is handed over and deleted, where the queue
     * has no redrive policy.
     *
     * @param receipts by default 5; at least 1
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
     * The clock for stamps and ages.
     *
     * @param source by default the system's
     * @return this
     */
    public ClusterMirrorBuilder clock(InstantSource source) {
        this.clock = requireNonNull(source, "source: null (expected: a clock)");
        return this;
    }

    /**
     * Makes the mirror's threads; the mirror names them.
     *
     * @param factory by default of daemon threads
     * @return this
     */
    public ClusterMirrorBuilder threads(ThreadFactory factory) {
        this.threads = requireNonNull(factory, "factory: null (expected: a thread factory)");
        return this;
    }

    /**
     * The dice for the jitter of pauses.
     *
     * @param generator by default one with a seed of its own
     * @return this
     */
    public ClusterMirrorBuilder random(RandomGenerator generator) {
        this.random = requireNonNull(generator, "generator: null (expected: a generator)");
        return this;
    }

    /**
     * Builds the mirror. Nothing starts yet.
     *
     * @return a mirror to be started
     * @throws IllegalStateException if {@link #ecs}, {@link #events} or {@link #store} was not given, or the AWS SDK on
     *     the class path is too old
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

    /** The time for pauses and deadlines: for tests. */
    ClusterMirrorBuilder time(MonotonicTime source) {
        this.time = source;
        return this;
    }

    Selection selection() {
        return new Selection(clusters, kinds);
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

    int mostPollers() {
        return mostPollers;
    }

    PoisonHandler poisonHandler() {
        return poisonHandler;
    }

    /** One for each mirror that is built. */
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

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }
}
