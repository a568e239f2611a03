package io.clusterstate.mirror;

import io.clusterstate.ClusterStateView;
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
import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write side: takes state-change events and the ECS API's answers into a store, and so keeps a
 * {@link ClusterStateView view} current.
 *
 * <p>A mirror starts once and closes once. It survives every remote outage by itself; {@link #status()} shows how it is
 * doing.
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

    /** How often ended entities and old tombstones are looked through: often enough that none is late by a minute. */
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(10);

    /**
     * Clusters reconciled at once, and pages described beside them: enough to use the API's rate, whatever its delay.
     */
    private static final int SIDE_BY_SIDE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMirror.class);

    private final Lifecycle lifecycle = new Lifecycle(this::wakeWaiting);
    private final Environment environment;
    private final Duration closeLimit;
    private final EventSource source;
    private final EventPathMonitor monitor;
    private final CountingStore store;
    private final EventCounters counters;
    private final ApiCounters apiCounters = new ApiCounters();
    private final @Nullable SourceClaim claim;
    private final ReconcileContext context;
    private final Readiness readiness;
    private final Reconciler reconciler;
    private final MirrorHost host;
    private final StoreView view;
    private final DescribeQueue describeQueue;
    private final DescribeWorker describeWorker;
    private final EventConsumer consumer;
    private final Pollers pollers;
    private final MirrorLoops loops;

    ClusterMirror(ClusterMirrorBuilder parts) {
        this.environment = parts.environment();
        this.closeLimit = parts.closeLimit();
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
        this.host = new MirrorHost(lifecycle, context, counters, reconciler::progress);
        this.view = StoreView.of(store.journal(), host, environment.clock(), environment.threads());
        this.describeQueue = new DescribeQueue(environment.time(), budget);
        this.describeWorker = new DescribeWorker(describeQueue, context, source, counters);
        this.consumer = new EventConsumer(source, store, triage(), handoffs(parts), counters);
        this.pollers = new Pollers(environment, consumer, parts.mostPollers(), this::mayPoll, this::isSourceOurs);
        this.loops = new MirrorLoops(pollers, context.describePool());
        context.coordination().afterMove(this::move);
    }

    /** The claim on the source, which only a mirror with a store of its own needs. */
    private @Nullable SourceClaim claim(ClusterMirrorBuilder parts) {
        return store.coordination().isEmpty() && source instanceof ClaimableSource claimable
                ? new SourceClaim(
                        claimable, parts.newOwner(), environment.clock(), environment.time(), new ClaimListener())
                : null;
    }

    private ReconcileContext context(ClusterMirrorBuilder parts, ApiBudget budget) {
        SourceClaim own = claim;
        Coordination coordination = store.coordination()
                .orElseGet(() -> new NoCoordination(own == null ? () -> StoreLink.LOCAL : own::link));
        RevisionTimes revisions = new RevisionTimes(environment.time(), parts.allowance());
        revisions.reached(store.snapshot().revision());
        store.journal().afterEach(() -> revisions.reached(store.snapshot().revision()));
        ClockSteps steps = new ClockSteps(environment.clock(), environment.time());
        return new ReconcileContext(
                store,
                new EcsApi(parts.ecs(), budget, apiCounters, environment, parts.serviceEvents()),
                new DescribePool(SIDE_BY_SIDE, environment),
                parts.selection(),
                parts.allowance(),
                coordination,
                new FreshnessTracker(coordination, steps, parts.allowance()),
                revisions,
                environment);
    }

    private EventTriage triage() {
        return new EventTriage(context.selection(), store, arn -> host.confirmedAtTheLatest(arn)
                .map(context.api().clock()::fromHost));
    }

    private EventConsumer.Handoffs handoffs(ClusterMirrorBuilder parts) {
        return new EventConsumer.Handoffs(
                describeQueue,
                new Quarantine(source, parts.poisonHandler(), parts.poisonReceipts(), counters),
                new MirrorObserver(reconciler, view, monitor));
    }

    /**
     * Begins to build a mirror. Nothing starts before {@link #start()}.
     *
     * @return a builder with the defaults that it documents
     */
    public static ClusterMirrorBuilder builder() {
        return new ClusterMirrorBuilder();
    }

    /**
     * Starts to poll and to load. Returns at once, and never throws for a remote outage: the mirror keeps trying what
     * it cannot reach.
     *
     * @throws IllegalStateException if the mirror was started or closed before
     */
    public void start() {
        if (!lifecycle.advance(Phase.LOADING)) {
            throw new IllegalStateException("start: the mirror is " + lifecycle.phase() + " (expected: LATENT)");
        }
        readiness.started();
        synchronized (loops) {
            if (lifecycle.phase() != Phase.LOADING) {
                return; // another thread has just closed it
            }
            context.coordination().start();
            loops.start(loopsCallingEcs(), otherLoops());
        }
        if (claim == null) {
            pollers.start();
        }
        readiness.check(); // the store may have been loaded before
    }

    private List<Loop> loopsCallingEcs() {
        List<Loop> calling = new ArrayList<>();
        for (int i = 1; i <= SIDE_BY_SIDE; i++) {
            calling.add(new Loop("reconcile-" + i, environment, reconciler::step));
        }
        calling.add(new Loop("describe", environment, describeWorker::step, DescribeWorker.PAUSE_GROWS_UNTIL));
        return calling;
    }

    private List<Loop> otherLoops() {
        Loop housekeeping = new Loop("housekeeping", environment, this::housekeep);
        return claim == null ? List.of(housekeeping) : List.of(housekeeping, claim.loop(environment));
    }

    /**
     * Reconciles a cluster with the ECS API now, besides the regular passes. The pass waits for the API's budget as
     * these do. If a pass of the cluster is under way, another follows it.
     *
     * @param clusterNameOrArn a cluster that the mirror follows
     * @return the report of the pass; completes with {@link java.util.concurrent.CancellationException} if the mirror
     *     is closed first, and with {@link IllegalStateException} if the mirror is not started yet, or shares its store
     *     and does not lead. Dependents run on a thread of the mirror and must be quick
     * @throws IllegalArgumentException if the mirror knows no such cluster; {@link #reconcileNow()} finds a new one
     */
    public CompletableFuture<ReconcileReport> reconcileNow(String clusterNameOrArn) {
        return reconciler.reconcileNow(clusterNameOrArn);
    }

    /**
     * Lists the clusters and reconciles each of them with the ECS API now.
     *
     * @return the reports of all passes, once all are done; fails as {@link #reconcileNow(String)} does
     */
    public CompletableFuture<List<ReconcileReport>> reconcileNow() {
        return reconciler.reconcileAllNow();
    }

    /**
     * The read side.
     *
     * @return the one view of this mirror, in every phase
     */
    public ClusterStateView view() {
        return view;
    }

    /**
     * How the mirror is doing.
     *
     * <p>Promise 10: a loop that is dead or hangs shows here within one interval.
     *
     * @return the status of this moment
     */
    public MirrorStatus status() {
        List<LoopStatus> all = new ArrayList<>(context.coordination().loops());
        all.addAll(loops.statuses());
        return new MirrorStatus(
                lifecycle.phase(),
                failure(),
                role(),
                setUp(),
                all,
                counters.counts(),
                store.counts(),
                counters.lags(),
                new ApiUse(apiCounters.calls(), apiCounters.throttled()),
                reconciler.allDrift(),
                reconciler.lastReports(),
                context.selection().leftOut(),
                view.freshness(),
                view.subscriptions());
    }

    private List<String> setUp() {
        List<String> problems = new ArrayList<>(source.problem().stream().toList());
        problems.addAll(monitor.problems());
        if (lifecycle.isReady()
                && reconciler.isLeading()
                && !context.selection().home().isKnown()) {
            problems.add(
                    "account: not known, so that the mirror takes no event from the queue yet (expected: a cluster on the"
                            + " list, or the right to DescribeClusters of the cluster \"default\", even if none exists)");
        }
        return problems;
    }

    private Role role() {
        if (store.coordination().isEmpty()) {
            return claim != null && claim.isStandby() ? Role.STANDBY : Role.SOLE;
        }
        return reconciler.isLeading() ? Role.LEADER : Role.FOLLOWER;
    }

    private Optional<String> failure() {
        return context.coordination()
                .problem()
                .or(() -> lifecycle.isReady() ? reconciler.listFailure() : reconciler.failure())
                .or(() -> claim == null ? Optional.empty() : claim.problem());
    }

    /**
     * Ends all threads, hands unfinished deliveries back to the queue, and closes the event source and the store. The
     * AWS clients stay open; they are the host's.
     *
     * <p>Promise 11: afterwards no callback runs and no thread of the mirror lives, unless a remote call did not end
     * within the limit; the log says so then. Idempotent; safe in every phase.
     *
     * <p>Blocks: up to the limit set in the builder. A listener may call it, on a thread of the mirror; that thread
     * then ends after the listener.
     */
    @Override
    public void close() {
        if (!lifecycle.advance(Phase.CLOSED)) {
            return;
        }
        boolean wasInterrupted = Thread.interrupted(); // a host that shuts down interrupts; closing goes on
        try {
            end(System.nanoTime());
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end(long now) {
        long gently = now + closeLimit.toNanos() / 5 * 4;
        long deadline = now + closeLimit.toNanos();
        synchronized (loops) {
            loops.stop();
        }
        reconciler.close();
        consumer.handBack(describeQueue.close(), gently);
        releaseClaim(gently);
        boolean ended = loops.join(gently) || loops.interruptAndJoin(deadline);
        view.close(Duration.ofNanos(deadline - System.nanoTime()));
        if (!ended) {
            LOG.warn("close: a remote call did not end within {}; its thread ends with the call", closeLimit);
        }
        try {
            source.close();
        } finally {
            store.close();
        }
    }

    /**
     * Releases the claim before slower threads have ended, so that a successor takes over soon, and after the last
     * poll.
     */
    private void releaseClaim(long deadline) {
        if (claim == null) {
            return;
        }
        try {
            if (loops.joinPolling(deadline)) {
                claim.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean mayPoll() {
        return context.coordination().takesWrites()
                && context.selection().home().isKnown();
    }

    private boolean isSourceOurs() {
        return claim == null || claim.isHeld();
    }

    private void noteProgress() {
        if (reconciler.isLoaded()) {
            context.freshness().loaded(context.coordination().term());
        }
        readiness.check();
    }

    /** The link to the store, the lead or the confirmation has moved, perhaps by another mirror. */
    private void move() {
        host.moved();
        reconciler.moved();
        readiness.check();
        wakeWaiting();
    }

    /** Wakes the threads that wait for the view to become ready, fresh or live. */
    private void wakeWaiting() {
        view.moved();
    }

    private Duration housekeep(Loop.Heartbeat heartbeat) {
        loops.reviveDead();
        monitor.look();
        store.expire();
        return HOUSEKEEPING;
    }

    @Override
    public String toString() {
        return "mirror of " + source + ", " + lifecycle.phase();
    }

    /** Follows the source as it changes hands. */
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
