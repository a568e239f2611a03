package io.clusterstate.mirror;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Expectations;
import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.StoreView;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The write side of css: it consumes state-change events, reconciles with the ECS API, and writes both into a store.
 * Its {@link ClusterStateView view} serves reads from that store.
 *
 * <p>Consistency: the view follows ECS with a delay. An event usually shows within seconds. If an event is lost, the
 * next pass finds its change; {@link ClusterMirrorBuilder#reconcileEvery} sets the pause between passes. Versions never
 * go back (promise 1), and {@link ClusterStateView#freshness} moves only when a pass confirms the view (promise 6).
 *
 * <p>Mirrors on a shared store elect a leader, which lists and reconciles for all. A leader that ECS has not answered
 * for 30 seconds gives the lead up. The first leader registers its account and Region as the owner of the state; a
 * mirror whose ECS client reads another one neither polls nor leads.
 *
 * <p>A mirror polls once ECS has answered its first call, or that call has failed. It does not poll while its ECS
 * client reads an account or Region other than the selected one.
 *
 * <p>A mirror starts once and closes once. It retries every remote outage by itself; {@link #status()} shows it.
 *
 * <p>Thread: safe for any thread.
 *
 * <p>Example:
 *
 * <pre>{@code
 * ClusterMirror mirror = ClusterMirror.builder()
 *     .ecs(ecsClient)
 *     .events(SqsEventSource.of(sqsClient, "css_queue"))
 *     .store(new MemoryStateStore())
 *     .build();
 * mirror.start();
 * mirror.view().awaitReady(Duration.ofSeconds(30));
 * List<Task> web = mirror.view().snapshot().tasks().in("prod").family("web").list();
 * }</pre>
 */
public final class ClusterMirror implements AutoCloseable {

    /** The pause between two searches for ended entities and old tombstones; none expires a minute late. */
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(10);

    private final Lifecycle lifecycle = new Lifecycle(this::wakeWaiting);
    private final Environment environment;
    private final ThreadPlan plan;
    private final EventSource source;
    private final EventPathMonitor monitor;
    private final CountingStore store;
    private final EventCounters counters;
    private final ApiCounters apiCounters = new ApiCounters();
    private final Optional<SourceClaim> claim;
    private final ReconcileContext context;
    private final Readiness readiness;
    private final Reconciler reconciler;
    private final BudgetShare share;
    private final LeadWatch leadWatch;
    private final MirrorHealth health;
    private final MirrorHost host;
    private final StoreView view;
    private final DescribeQueue describeQueue;
    private final DescribeWorker describeWorker;
    /** Null if the mirror fetches no task definitions. */
    private final @Nullable DefinitionFetcher definitions;

    private final EventConsumer consumer;
    private final Pollers pollers;
    private final MirrorLoops loops;
    private final ExpectationWorker expectations;
    private final Closing closing;

    ClusterMirror(ClusterMirrorBuilder parts) {
        this.environment = parts.environment();
        this.plan = parts.plan();
        this.source = parts.events();
        this.monitor = new EventPathMonitor(environment.time(), parts.store());
        this.store = new CountingStore(parts.store(), monitor);
        this.counters = new EventCounters(environment.clock());
        this.claim = claim(parts);
        ApiBudget budget = new ApiBudget(parts.apiShare(), environment.time());
        this.context = context(parts, budget);
        this.readiness = new Readiness(lifecycle, context);
        ReconcileInterval interval = new ReconcileInterval(claim, parts.reconcileEvery(), parts.allowance());
        this.reconciler = new Reconciler(
                context, interval, monitor.before(parts.reportListener()), lifecycle, this::noteProgress);
        this.share = new BudgetShare(budget, store, reconciler);
        this.leadWatch =
                new LeadWatch(context.coordination(), context.api().reach(), environment, parts.reconcileEvery());
        this.health = new MirrorHealth(lifecycle, context, store, source, monitor, claim, reconciler, leadWatch);
        this.host = new MirrorHost(lifecycle, context, counters, reconciler::progress);
        this.view = StoreView.of(store.journal(), host, environment.clock(), environment.threads());
        this.describeQueue = new DescribeQueue(environment.time(), budget);
        this.describeWorker = new DescribeWorker(describeQueue, context, source, counters);
        this.definitions = definitions(parts);
        this.consumer = new EventConsumer(source, store, triage(), handoffs(parts), counters);
        this.pollers = new Pollers(environment, consumer, plan.pollers(), this::mayPoll, this::isSourceOurs);
        this.loops = new MirrorLoops(pollers, context.describePool());
        this.expectations = new ExpectationWorker(view, context);
        this.closing =
                new Closing(parts.closeLimit(), reconciler, loops, consumer, describeQueue, claim, view, source, store);
        share.take();
        store.journal().afterEach(new NewClusters(store.journal(), context.selection(), reconciler));
        context.coordination().afterMove(this::move);
    }

    /** The claim on the source; empty if the mirror shares its store, or the source cannot be claimed. */
    private Optional<SourceClaim> claim(ClusterMirrorBuilder parts) {
        return parts.mayClaim() && source instanceof ClaimableSource claimable
                ? Optional.of(new SourceClaim(
                        claimable, parts.newOwner(), environment.clock(), environment.time(), new ClaimListener()))
                : Optional.empty();
    }

    private ReconcileContext context(ClusterMirrorBuilder parts, ApiBudget budget) {
        Coordination coordination = store.coordination()
                .orElseGet(() ->
                        new NoCoordination(() -> claim.map(SourceClaim::link).orElse(StoreLink.LOCAL)));
        RevisionTimes revisions = new RevisionTimes(environment.time(), parts.allowance());
        revisions.reached(store.snapshot().revision());
        store.journal().afterEach(() -> revisions.reached(store.snapshot().revision()));
        ClockSteps steps = new ClockSteps(environment.clock(), environment.time()::nanos);
        return new ReconcileContext(
                store,
                new EcsApi(parts.ecs(), budget, apiCounters, environment, parts.serviceEvents()),
                new DescribePool(plan.describers(), environment),
                parts.selection(),
                parts.allowance(),
                coordination,
                new FreshnessTracker(coordination, steps, parts.allowance()),
                revisions,
                environment);
    }

    private @Nullable DefinitionFetcher definitions(ClusterMirrorBuilder parts) {
        Optional<TaskDefinitions> choice = parts.definitions();
        if (choice.isEmpty()) {
            return null;
        }
        DefinitionFetcher fetcher = new DefinitionFetcher(choice.get(), context, reconciler::isLeading);
        store.journal().afterEach(fetcher::changed);
        return fetcher;
    }

    private EventTriage triage() {
        return new EventTriage(context.selection(), store, arn -> host.confirmedAtTheLatest(arn)
                .map(context.api().clock()::fromHost));
    }

    private EventConsumer.Handoffs handoffs(ClusterMirrorBuilder parts) {
        return new EventConsumer.Handoffs(
                describeQueue,
                new Quarantine(source, parts.poisonHandler(), parts.poisonReceipts(), counters),
                new MirrorObserver(view, monitor));
    }

    /**
     * Creates a builder. Nothing starts before {@link #start()}.
     *
     * @return a builder with its documented defaults
     */
    public static ClusterMirrorBuilder builder() {
        return new ClusterMirrorBuilder();
    }

    /**
     * Starts polling and loading. Blocks: never. A remote outage is no failure of this method: the mirror keeps trying.
     * Wait for the first load with {@link ClusterStateView#awaitReady}.
     *
     * @throws IllegalStateException if the mirror was started or closed before
     */
    public void start() {
        if (!lifecycle.advance(Phase.LOADING)) {
            throw new IllegalStateException("start: the mirror is " + lifecycle.phase() + " (expected: LATENT)");
        }
        readiness.started();
        synchronized (loops) {
            if (lifecycle.isClosed()) {
                return; // another thread closed it meanwhile
            }
            context.coordination().start();
            loops.start(loopsCallingEcs(), otherLoops());
        }
        if (claim.isEmpty()) {
            pollers.start();
        }
        readiness.check(); // a shared store may be loaded already
    }

    private List<Loop> loopsCallingEcs() {
        List<Loop> calling = new ArrayList<>();
        for (int i = 1; i <= plan.reconcilers(); i++) {
            calling.add(new Loop("reconcile-" + i, environment, reconciler::step));
        }
        calling.add(new Loop("describe", environment, describeWorker::step, DescribeWorker.PAUSE_GROWS_UNTIL));
        calling.addAll(expectations.loops());
        if (definitions != null) {
            calling.add(new Loop("definitions", environment, definitions::step));
        }
        return calling;
    }

    private List<Loop> otherLoops() {
        List<Loop> others = new ArrayList<>(List.of(new Loop("housekeeping", environment, this::housekeep)));
        claim.ifPresent(held -> others.add(held.loop(environment, this::mayHold)));
        return others;
    }

    /**
     * Reconciles a cluster with the ECS API now, besides the regular passes. The pass waits for the API budget as
     * regular passes do. If a pass of the cluster is running, the requested pass follows it.
     *
     * <p>Blocks: never. Dependents of the future run on a thread of the mirror and must be quick.
     *
     * @param clusterNameOrArn a cluster that the mirror follows
     * @return the report of the pass. The future fails with {@link java.util.concurrent.CancellationException} if the
     *     mirror closes first. It fails with {@link IllegalStateException} if the mirror is not started, or shares its
     *     store and another mirror leads
     * @throws IllegalArgumentException if the mirror follows no such cluster; {@link #reconcileNow()} finds a new one
     */
    public CompletableFuture<ReconcileReport> reconcileNow(String clusterNameOrArn) {
        return reconciler.reconcileNow(clusterNameOrArn);
    }

    /**
     * Lists the clusters and reconciles each of them with the ECS API now. Blocks: never.
     *
     * @return the reports of all passes, once all have ended; the future fails as that of {@link #reconcileNow(String)}
     *     does, and if the list of clusters fails
     */
    public CompletableFuture<List<ReconcileReport>> reconcileNow() {
        return reconciler.reconcileAllNow();
    }

    /**
     * The read side. Every call, in every phase, returns the same view.
     *
     * @return the view
     */
    public ClusterStateView view() {
        return view;
    }

    /**
     * The starts and stops of this process, to be laid over the view. From the first call on, a thread of the mirror
     * asks ECS about those whose time is over or whose answer was lost; before it, they cost nothing.
     *
     * @return the expectations, the same object at every call
     * @throws IllegalStateException if the mirror does not follow tasks and container instances
     */
    public Expectations expectations() {
        expectations.begin(loops);
        return expectations.open();
    }

    /**
     * The health of the mirror at this moment. Promise 10: a loop that is dead or hangs shows here within one interval.
     *
     * @return the status
     */
    public MirrorStatus status() {
        List<LoopStatus> all = new ArrayList<>(context.coordination().loops());
        all.addAll(loops.statuses());
        return new MirrorStatus(
                lifecycle.phase(),
                health.failure(),
                health.role(),
                health.setUp(),
                all,
                counters.counts(),
                store.counts(),
                counters.lags(),
                new ApiUse(apiCounters.calls(), apiCounters.throttled()),
                reconciler.allDrift(),
                reconciler.lastReports(),
                context.selection().leftOut(),
                definitions == null ? DefinitionFetches.NONE : definitions.state(),
                expectations.open().dropped(),
                view.freshness(),
                view.subscriptions());
    }

    /**
     * Passes on the lag of each event once the store has taken the event in; {@link EventLag} is the sum.
     *
     * @param observer runs on the polling threads, so it must be quick; if it throws, it is logged and not called
     *     again. An observer that equals an earlier one changes nothing
     */
    public void onEventLag(Consumer<Duration> observer) {
        counters.onLag(observer);
    }

    /**
     * Ends all threads, hands unfinished deliveries back to the queue, and closes the event source and the store. The
     * AWS clients stay open; they belong to the host.
     *
     * <p>Promise 11: afterwards no callback runs and no thread of the mirror lives, unless a remote call outlasts the
     * limit. The log then warns, and the thread ends with the call. Idempotent; safe in every phase.
     *
     * <p>Blocks: up to the limit set in the builder. An interrupt before the call does not shorten it, and is kept. A
     * listener may call it on a thread of the mirror; that thread then ends after the listener.
     */
    @Override
    public void close() {
        if (!lifecycle.advance(Phase.CLOSED)) {
            return;
        }
        boolean wasInterrupted = Thread.interrupted(); // a host that shuts down may interrupt; closing continues
        try {
            closing.end(System.nanoTime());
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The longest time that {@link #close()} takes. */
    Duration closeLimit() {
        return closing.limit();
    }

    private boolean mayPoll() {
        return context.coordination().takesWrites()
                && context.selection().home().isKnown();
    }

    /** Whether the mirror could ever poll; if not, another on the same source should. */
    private boolean mayHold() {
        return context.selection().home().conflict().isEmpty();
    }

    private boolean isSourceOurs() {
        return claim.map(SourceClaim::isHeld).orElse(true)
                && reconciler.clientCheck().permitsPolling();
    }

    private void noteProgress() {
        if (reconciler.isLoaded()) {
            context.freshness().loaded(context.coordination().term());
        }
        readiness.check();
    }

    /** Reacts to a move of the link to the store, of the lead, or of the confirmation. */
    private void move() {
        share.take();
        leadWatch.note();
        host.moved();
        reconciler.moved();
        readiness.check();
        wakeWaiting();
    }

    private void wakeWaiting() {
        view.moved();
    }

    Duration housekeep(Loop.Heartbeat heartbeat) {
        loops.reviveDead();
        share.take(); // a term may end without a move
        leadWatch.look();
        monitor.look();
        store.expire();
        return HOUSEKEEPING;
    }

    @Override
    public String toString() {
        return "mirror of " + source + ", " + lifecycle.phase();
    }

    /** Starts polling, or shortens the reconcile interval, when the source changes hands. */
    private final class ClaimListener implements SourceClaim.Listener {

        @Override
        public void taken(boolean fromAnother) {
            pollers.start();
            if (fromAnother) {
                reconciler.hurryAll();
            }
            wakeWaiting();
        }

        @Override
        public void standingBy() {
            reconciler.waitAtMost(ReconcileInterval.IN_STANDBY);
            wakeWaiting();
        }
    }
}
