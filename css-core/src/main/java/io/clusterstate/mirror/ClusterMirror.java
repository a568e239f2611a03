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
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write side: takes state-change events and the ECS API's listings into a store, and so keeps a
 * {@link ClusterStateView view} current.
 *
 * <p>{@link #start()} begins, {@link #close()} ends, once each. After a remote outage, of whatever length and at
 * whatever time, the mirror goes on by itself; {@link #status()} tells how it is doing.
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
     * Clusters compared at once, and pages described beside them: enough to use up the API's rate, whatever its delay.
     */
    private static final int SIDE_BY_SIDE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMirror.class);

    private final Lifecycle lifecycle = new Lifecycle(this::wakeWaiting);
    private final EventPathMonitor watch;
    private final CountingStore store;
    private final EventSource source;
    private final Duration closeLimit;
    private final Environment environment;
    private final EventCounters counters;
    private final ApiCounters apiCounters = new ApiCounters();
    private final DescribePool describePool;
    private final Reconciler reconciler;
    private final DescribeQueue describeQueue;
    private final DescribeWorker describeWorker;
    private final EventConsumer consumer;
    private final Pollers pollers;
    private final @Nullable SourceClaim claim;
    private final Coordination coordination;
    private final FreshnessTracker freshnessTracker;
    private final Selection selection;
    private final MirrorHost host;
    private final StoreView view;
    /** Those that ask ECS: what they leave half done is done again, so they may be interrupted at any point. */
    private final List<Loop> apiLoops = new ArrayList<>();

    private final List<Loop> otherLoops = new ArrayList<>();

    ClusterMirror(ClusterMirrorBuilder parts) {
        this.environment = parts.environment();
        this.watch = new EventPathMonitor(environment.time(), parts.store());
        this.store = new CountingStore(parts.store(), watch);
        this.source = parts.events();
        this.closeLimit = parts.closeLimit();
        this.counters = new EventCounters(environment.clock());
        this.describePool = new DescribePool(SIDE_BY_SIDE, environment);
        ApiBudget budget = new ApiBudget(parts.apiShare(), environment.time());
        EcsApi api = new EcsApi(parts.ecs(), budget, apiCounters, environment, parts.serviceEvents());
        this.selection = parts.selection();
        this.claim = store.coordination().isEmpty() && source instanceof ClaimableSource claimable
                ? new SourceClaim(
                        claimable, parts.newOwner(), environment.clock(), environment.time(), new Succession())
                : null;
        this.coordination = store.coordination()
                .orElseGet(() -> new NoCoordination(claim == null ? () -> StoreLink.LOCAL : claim::link));
        ClockSteps steps = new ClockSteps(environment.clock(), environment.time());
        this.freshnessTracker = new FreshnessTracker(coordination, steps, parts.allowance());
        RevisionTimes revisions = new RevisionTimes(environment.time(), parts.allowance());
        revisions.reached(store.snapshot().revision());
        store.journal().afterEach(() -> revisions.reached(store.snapshot().revision()));
        ReconcileContext context = new ReconcileContext(
                store,
                api,
                describePool,
                selection,
                parts.allowance(),
                coordination,
                freshnessTracker,
                revisions,
                environment);
        ReconcileInterval pace = new ReconcileInterval(claim, parts.reconcileEvery(), parts.allowance());
        this.reconciler =
                new Reconciler(context, pace, watch.before(parts.reportListener()), lifecycle, this::noteProgress);
        this.describeQueue = new DescribeQueue(environment.time(), budget);
        this.describeWorker = new DescribeWorker(describeQueue, context, source, counters);
        Quarantine quarantine = new Quarantine(source, parts.poisonHandler(), parts.poisonReceipts(), counters);
        this.host = new MirrorHost(lifecycle, coordination, counters, selection, reconciler::progress, environment);
        this.view = StoreView.of(store.journal(), host, environment.clock(), environment.threads());
        EventTriage triage = new EventTriage(
                selection, store, arn -> host.confirmedAtTheLatest(arn).map(api.clock()::fromHost));
        this.consumer = new EventConsumer(
                source,
                store,
                triage,
                describeQueue,
                quarantine,
                new MirrorObserver(reconciler, view, watch),
                counters);
        this.pollers = new Pollers(
                environment,
                consumer,
                parts.mostPollers(),
                () -> coordination.takesWrites() && selection.home().isKnown(),
                this::isSourceOurs);
        coordination.afterMove(this::move);
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
     * Starts to poll and to load. Returns at once, and never throws for a remote outage: what cannot be reached is
     * tried again.
     *
     * @throws IllegalStateException if the mirror was started or closed before
     */
    public void start() {
        if (!lifecycle.advance(Phase.LOADING)) {
            throw new IllegalStateException("start: the mirror is " + lifecycle.phase() + " (expected: LATENT)");
        }
        synchronized (apiLoops) {
            if (lifecycle.phase() != Phase.LOADING) {
                return; // closed by another thread in this very moment
            }
            for (int i = 1; i <= SIDE_BY_SIDE; i++) {
                apiLoops.add(new Loop("reconcile-" + i, environment, reconciler::step));
            }
            apiLoops.add(new Loop("describe", environment, describeWorker::step, DescribeWorker.PAUSE_GROWS_UNTIL));
            otherLoops.add(new Loop("housekeeping", environment, this::keepHouse));
            if (claim != null) {
                otherLoops.add(claim.loop(environment));
            }
            coordination.start();
            apiLoops.forEach(Loop::start);
            otherLoops.forEach(Loop::start);
        }
        if (claim == null) {
            pollers.start();
        }
        beReady(); // the store may have been loaded before
    }

    /**
     * Compares a cluster with the ECS API now, besides the regular comparisons. Waits for its place in the API's budget
     * as these do. One that is under way already is let end, and followed by another.
     *
     * @param clusterNameOrArn a cluster that the mirror follows
     * @return what it came to, once it is done; completes with {@link CancellationException} if the mirror is closed
     *     first, and with {@link IllegalStateException} if it is not started yet, or shares its store and another one
     *     leads. Its dependents run on a thread of the mirror and must be quick
     * @throws IllegalArgumentException if the mirror knows no such cluster; one that was just made is found by
     *     {@link #reconcileNow()}
     */
    public CompletableFuture<ReconcileReport> reconcileNow(String clusterNameOrArn) {
        return reconciler.reconcileNow(clusterNameOrArn);
    }

    /**
     * Lists the clusters and compares each of them with the ECS API now.
     *
     * @return what each came to, once all are done; fails as {@link #reconcileNow(String)} does
     */
    public CompletableFuture<List<ReconcileReport>> reconcileNow() {
        return reconciler.reconcileAllNow();
    }

    /**
     * The read side.
     *
     * @return the one view of this mirror, before, during and after its life
     */
    public ClusterStateView view() {
        return view;
    }

    /**
     * How the mirror is doing.
     *
     * <p>Promise 10: a loop that has died or hangs shows here within one interval.
     *
     * @return the status of this moment
     */
    public MirrorStatus status() {
        List<LoopStatus> loops = new ArrayList<>(coordination.loops());
        allLoops().forEach(loop -> loops.add(loop.status()));
        return new MirrorStatus(
                lifecycle.phase(),
                failure(),
                role(),
                setUp(),
                loops,
                counters.counts(),
                store.counts(),
                counters.lags(),
                new ApiUse(apiCounters.calls(), apiCounters.throttled()),
                reconciler.allDrift(),
                reconciler.lastReports(),
                selection.leftOut(),
                view.freshness(),
                view.subscriptions());
    }

    private List<String> setUp() {
        List<String> problems = new ArrayList<>(source.problem().stream().toList());
        problems.addAll(watch.problems());
        if (lifecycle.isReady() && reconciler.isLeading() && !selection.home().isKnown()) {
            problems.add(
                    "account: not known, so that no event is taken from the queue yet (expected: a cluster on the list,"
                            + " or the right to DescribeClusters of the cluster \"default\", whether it exists or not)");
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
        return lifecycle
                .failure()
                .or(coordination::problem)
                .or(() -> lifecycle.isReady() ? reconciler.listFailure() : reconciler.failure())
                .or(() -> claim == null ? Optional.empty() : claim.problem());
    }

    /**
     * Ends all loops, hands deliveries that are not worked on yet back to the queue, and closes the event source and
     * the store. The AWS clients stay open; they are the host's.
     *
     * <p>Promise 11: afterwards no callback runs and no thread of the mirror lives, unless a remote call could not be
     * ended within the limit; then this is logged. Idempotent; safe in every phase.
     *
     * <p>Blocks: up to the limit set in the builder. May be called by a listener, on a thread of the mirror; that
     * thread then ends after the listener.
     */
    @Override
    public void close() {
        if (!lifecycle.advance(Phase.CLOSED)) {
            return;
        }
        boolean wasInterrupted = Thread.interrupted(); // as by a host that shuts down: all the more is to be closed
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
        pollers.stop();
        allLoops().forEach(Loop::stop);
        reconciler.close();
        stopAskingEcs();
        handBack(describeQueue.close(), gently);
        releaseClaim(gently);
        boolean ended = join(gently) || interrupt(deadline);
        view.close(Duration.ofNanos(deadline - System.nanoTime()));
        if (!ended) {
            LOG.warn("close: a remote call did not end within {}; its thread ends with it", closeLimit);
        }
        try {
            source.close();
        } finally {
            store.close();
        }
    }

    private void stopAskingEcs() {
        describePool.stop();
        synchronized (apiLoops) {
            apiLoops.forEach(Loop::stop);
            apiLoops.forEach(Loop::interrupt);
        }
    }

    /** Lets deliveries come again at once, as many as can be told before the deadline; the others come again later. */
    private void handBack(List<Delivery> left, long deadline) {
        try {
            for (int from = 0; from < left.size() && deadline - System.nanoTime() > 0; from += EventSource.FULL_BATCH) {
                consumer.handBack(left.subList(from, Math.min(left.size(), from + EventSource.FULL_BATCH)));
            }
        } catch (RuntimeException e) {
            LOG.warn("close: messages could not be handed back and come again later: {}", e.toString());
        }
    }

    private boolean interrupt(long deadline) {
        allLoops().forEach(Loop::interrupt);
        return join(deadline);
    }

    /**
     * Before the slower threads have ended, so that a successor can go on at once; but not while anything is polled.
     */
    private void releaseClaim(long deadline) {
        if (claim == null) {
            return;
        }
        List<Loop> polling = new ArrayList<>(pollers.loops());
        synchronized (apiLoops) {
            polling.addAll(otherLoops);
        }
        try {
            if (join(polling, deadline)) {
                claim.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for all threads, until a moment of this machine's time; returns whether they have ended. */
    private boolean join(long deadline) {
        try {
            boolean ended = join(allLoops(), deadline);
            return describePool.join(Duration.ofNanos(deadline - System.nanoTime())) && ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean join(List<Loop> loops, long deadline) throws InterruptedException {
        boolean ended = true;
        for (Loop loop : loops) {
            ended &= loop.join(Duration.ofNanos(deadline - System.nanoTime()));
        }
        return ended;
    }

    private List<Loop> allLoops() {
        List<Loop> loops = new ArrayList<>(pollers.loops());
        synchronized (apiLoops) {
            loops.addAll(apiLoops);
            loops.addAll(otherLoops);
        }
        return loops;
    }

    private boolean isSourceOurs() {
        return claim == null || claim.isHeld();
    }

    private void noteProgress() {
        if (reconciler.isLoaded()) {
            freshnessTracker.loaded(coordination.term());
        }
        beReady();
    }

    /** The link to the store, the leadership or what is confirmed has moved, perhaps by another's doing. */
    private void move() {
        host.moved();
        reconciler.moved();
        beReady();
        wakeWaiting();
    }

    private void beReady() {
        if (lifecycle.phase() != Phase.LOADING) {
            return;
        }
        boolean isLoaded =
                coordination.confirmation().isLoaded() && coordination.link().state() != StoreLink.State.LOADING;
        if (isLoaded && lifecycle.advance(Phase.READY)) {
            LOG.info("ready: {}", store.snapshot());
        }
    }

    /** Wakes the threads that wait for the view to become ready, fresh or live. */
    private void wakeWaiting() {
        view.moved();
    }

    private Duration keepHouse(Loop.Heartbeat heartbeat) {
        allLoops().forEach(Loop::reviveIfDead);
        watch.look();
        store.expire();
        return HOUSEKEEPING;
    }

    /** Follows the source as it changes hands. */
    private final class Succession implements SourceClaim.Listener {

        @Override
        public void taken(boolean fromAnother) {
            pollers.start();
            if (fromAnother) {
                reconciler.hurryAll();
            }
            wakeWaiting();
        }

        @Override
        public void stoodBy() {
            reconciler.waitAtMost(ReconcileInterval.IN_STANDBY);
            wakeWaiting();
        }
    }
}
