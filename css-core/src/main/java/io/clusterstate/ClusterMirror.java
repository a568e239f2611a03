package io.clusterstate;

import io.clusterstate.MirrorStatus.Phase;
import io.clusterstate.MirrorStatus.Role;
import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.internal.loop.Surroundings;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.Sharing;
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
 * <p>{@link #start()} begins, {@link #close()} ends, once each. After a remote outage, of whatever length and at whatever
 * time, the mirror goes on by itself; {@link #status()} tells how it is doing.
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

    /** Clusters compared at once, and pages described beside them: enough to use up the API's rate, whatever its delay. */
    private static final int SIDE_BY_SIDE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMirror.class);

    private final Signal signal = new Signal();
    private final Life life = new Life(signal);
    private final EventPathWatch watch;
    private final TalliedStore store;
    private final EventSource source;
    private final Duration closeLimit;
    private final Surroundings surroundings;
    private final EventTally tally;
    private final ApiTally apiTally = new ApiTally();
    private final Crew crew;
    private final Reconciler reconciler;
    private final Enquiries enquiries;
    private final Describer describer;
    private final EventConsumer consumer;
    private final Pollers pollers;
    private final @Nullable SourceClaim claim;
    private final Sharing sharing;
    private final FreshnessBook book;
    private final Selection selection;
    private final MirrorHost host;
    private final StoreView view;
    /** Those that ask ECS: what they leave half done is done again, so they may be interrupted at any point. */
    private final List<Loop> apiLoops = new ArrayList<>();

    private final List<Loop> otherLoops = new ArrayList<>();

    ClusterMirror(ClusterMirrorBuilder parts) {
        this.surroundings = parts.surroundings();
        this.watch = new EventPathWatch(surroundings.time(), parts.store());
        this.store = new TalliedStore(parts.store(), watch);
        this.source = parts.events();
        this.closeLimit = parts.closeLimit();
        this.tally = new EventTally(surroundings.clock());
        this.crew = new Crew(SIDE_BY_SIDE, surroundings);
        ApiBudget budget = new ApiBudget(parts.apiShare(), surroundings.time());
        EcsApi api = new EcsApi(parts.ecs(), budget, apiTally, surroundings, parts.serviceEvents());
        this.selection = parts.selection();
        this.claim = store.sharing().isEmpty() && source instanceof ClaimableSource claimable
                ? new SourceClaim(
                        claimable, parts.newOwner(), surroundings.clock(), surroundings.time(), new Succession())
                : null;
        this.sharing = store.sharing().orElseGet(() -> new Alone(claim == null ? () -> StoreLink.LOCAL : claim::link));
        ClockSteps steps = new ClockSteps(surroundings.clock(), surroundings.time());
        this.book = new FreshnessBook(sharing, steps, parts.allowance());
        RevisionTimes revisions = new RevisionTimes(surroundings.time(), parts.allowance());
        revisions.reached(store.snapshot().revision());
        store.journal().afterEach(() -> revisions.reached(store.snapshot().revision()));
        ReconcileTools tools = new ReconcileTools(
                store, api, crew, selection, parts.allowance(), sharing, book, revisions, surroundings);
        ComparisonPace pace = new ComparisonPace(claim, parts.reconcileEvery(), parts.allowance());
        this.reconciler = new Reconciler(tools, pace, watch.before(parts.reportListener()), life, this::noteProgress);
        this.enquiries = new Enquiries(surroundings.time(), budget);
        this.describer = new Describer(enquiries, tools, source, tally);
        Quarantine quarantine = new Quarantine(source, parts.poisonHandler(), parts.poisonReceipts(), tally);
        this.host = new MirrorHost(life, sharing, tally, selection, reconciler::progress, surroundings);
        this.view = new StoreView(store.journal(), host, surroundings.clock(), signal, surroundings.threads());
        EventTriage triage = new EventTriage(
                selection, store, arn -> host.confirmedAtTheLatest(arn).map(api.clock()::fromHost));
        this.consumer = new EventConsumer(
                source, store, triage, enquiries, quarantine, new MirrorAudience(reconciler, view, watch), tally);
        this.pollers = new Pollers(
                surroundings,
                consumer,
                parts.mostPollers(),
                () -> sharing.takesWrites() && selection.home().isKnown(),
                this::isSourceOurs);
        sharing.afterMove(this::move);
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
     * Starts to poll and to load. Returns at once, and never throws for a remote outage: what cannot be reached is tried
     * again.
     *
     * @throws IllegalStateException if the mirror was started or closed before
     */
    public void start() {
        if (!life.advance(Phase.LOADING)) {
            throw new IllegalStateException("start: the mirror is " + life.phase() + " (expected: LATENT)");
        }
        synchronized (apiLoops) {
            if (life.phase() != Phase.LOADING) {
                return; // closed by another thread in this very moment
            }
            for (int i = 1; i <= SIDE_BY_SIDE; i++) {
                apiLoops.add(new Loop("reconcile-" + i, surroundings, reconciler::step));
            }
            apiLoops.add(new Loop("describe", surroundings, describer::step, Describer.PAUSE_GROWS_UNTIL));
            otherLoops.add(new Loop("housekeeping", surroundings, this::keepHouse));
            if (claim != null) {
                otherLoops.add(claim.loop(surroundings));
            }
            sharing.start();
            apiLoops.forEach(Loop::start);
            otherLoops.forEach(Loop::start);
        }
        if (claim == null) {
            pollers.start();
        }
        beReady(); // the store may have been loaded before
    }

    /**
     * Compares a cluster with the ECS API now, besides the regular comparisons. Waits for its place in the API's budget as
     * these do. One that is under way already is let end, and followed by another.
     *
     * @param clusterNameOrArn a cluster that the mirror follows
     * @return what it came to, once it is done; completes with {@link CancellationException} if the
     *     mirror is closed first, and with {@link IllegalStateException} if it is not started yet, or shares its store and
     *     another one leads. Its dependents run on a thread of the mirror and must be quick
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
        List<LoopStatus> loops = new ArrayList<>(sharing.loops());
        allLoops().forEach(loop -> loops.add(loop.status()));
        return new MirrorStatus(
                life.phase(),
                failure(),
                role(),
                setUp(),
                loops,
                tally.counts(),
                store.counts(),
                tally.lags(),
                apiTally.use(),
                reconciler.allDrift(),
                reconciler.lastReports(),
                selection.leftOut(),
                view.freshness(),
                view.subscriptions());
    }

    private List<String> setUp() {
        List<String> problems = new ArrayList<>(source.problem().stream().toList());
        problems.addAll(watch.problems());
        if (life.isReady() && reconciler.isLeading() && !selection.home().isKnown()) {
            problems.add(
                    "account: not known, so that no event is taken from the queue yet (expected: a cluster on the list,"
                            + " or the right to DescribeClusters of the cluster \"default\", whether it exists or not)");
        }
        return problems;
    }

    private Role role() {
        if (store.sharing().isEmpty()) {
            return claim != null && claim.isStandby() ? Role.STANDBY : Role.SOLE;
        }
        return reconciler.isLeading() ? Role.LEADER : Role.FOLLOWER;
    }

    private Optional<String> failure() {
        return life.failure()
                .or(sharing::problem)
                .or(() -> life.isReady() ? reconciler.listFailure() : reconciler.failure())
                .or(() -> claim == null ? Optional.empty() : claim.problem());
    }

    /**
     * Ends all loops, hands deliveries that are not worked on yet back to the queue, and closes the event source and the
     * store. The AWS clients stay open; they are the host's.
     *
     * <p>Promise 11: afterwards no callback runs and no thread of the mirror lives, unless a remote call could not be
     * ended within the limit; then this is logged. Idempotent; safe in every phase.
     *
     * <p>Blocks: up to the limit set in the builder. May be called by a listener, on a thread of the mirror; that thread
     * then ends after the listener.
     */
    @Override
    public void close() {
        if (!life.advance(Phase.CLOSED)) {
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
        handBack(enquiries.close(), gently);
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
        crew.stop();
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

    /** Before the slower threads have ended, so that a successor can go on at once; but not while anything is polled. */
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
            return crew.join(Duration.ofNanos(deadline - System.nanoTime())) && ended;
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
            book.loaded(sharing.term());
        }
        beReady();
    }

    /** The link to the store, the leadership or what is confirmed has moved, perhaps by another's doing. */
    private void move() {
        host.moved();
        reconciler.moved();
        beReady();
        signal.raise();
    }

    private void beReady() {
        if (life.phase() != Phase.LOADING) {
            return;
        }
        boolean isLoaded = sharing.confirmation().isLoaded() && sharing.link().state() != StoreLink.State.LOADING;
        if (isLoaded && life.advance(Phase.READY)) {
            LOG.info("ready: {}", store.snapshot());
        }
    }

    private Duration keepHouse(Loop.Heart heart) {
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
            signal.raise();
        }

        @Override
        public void stoodBy() {
            reconciler.waitAtMost(ComparisonPace.IN_STANDBY);
            signal.raise();
        }
    }
}
