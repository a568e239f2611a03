package io.clusterstate;

import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.ViewHost;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * A view over the journal of a store that something else keeps current. Mirrors, readers and fakes are built on it.
 *
 * <p>Thread: safe for any thread.
 */
public final class StoreView implements ClusterStateView, AutoCloseable {

    private final ChangeJournal journal;
    private final ViewHost host;
    private final InstantSource clock;
    private final Signal signal = new Signal();
    private final Runnable wakeUp;
    private final Supplier<Freshness> freshness;
    private final boolean isByHand;
    private final Subscriptions subscriptions;
    private final PendingWaits pending;
    private final Object judging = new Object();
    /**
     * The journal while the view answers, else null. Readiness is thus known from the reference that a read follows
     * anyhow. Written under {@link #judging} alone, each time from the host's present answer.
     */
    private volatile @Nullable ChangeJournal answering;
    /** The revision at which the view first answered: earlier snapshots may lack what was still to be loaded. */
    private volatile long firstAnswered = Long.MAX_VALUE;

    private volatile boolean isClosed;

    private StoreView(ChangeJournal journal, ViewHost host, InstantSource clock, @Nullable ThreadFactory threads) {
        this.journal = journal;
        this.host = host;
        this.clock = clock;
        this.isByHand = threads == null;
        this.subscriptions = new Subscriptions(journal, host, threads);
        this.pending = new PendingWaits(this, journal, signal, threads);
        this.wakeUp = this::published;
        this.freshness = host::freshness;
        journal.freshnessFrom(freshness);
        journal.afterEach(wakeUp);
        judgeReadiness();
    }

    /**
     * A view that runs: its waits block, and each subscription has a thread.
     *
     * @param journal the journal of the store
     * @param host the keeper of the store
     * @param clock judges staleness
     * @param threads makes the threads of subscriptions
     * @return the view
     */
    public static StoreView of(ChangeJournal journal, ViewHost host, InstantSource clock, ThreadFactory threads) {
        return new StoreView(journal, host, clock, threads);
    }

    /**
     * A view by hand, for fakes, in which nothing moves by itself. Subscribers are told in {@link #tell} alone, on the
     * thread that calls it. A wait succeeds or throws {@link TimeoutException} at once.
     *
     * @param journal the journal of the store
     * @param host the keeper of the store
     * @param clock judges staleness
     * @return the view
     */
    public static StoreView byHand(ChangeJournal journal, ViewHost host, InstantSource clock) {
        return new StoreView(journal, host, clock, null);
    }

    /**
     * Asks the host again whether the view is ready, and wakes the threads that wait for this view. The host calls it
     * after its readiness or freshness has moved. When the call returns, reads follow the host's new answer.
     */
    public void moved() {
        if (!isClosed) {
            journal.freshnessMoved();
        }
        judgeReadiness();
        try {
            subscriptions.wake();
        } finally {
            signal.raise();
        }
    }

    private void published() {
        try {
            subscriptions.published();
        } finally {
            signal.raise();
        }
    }

    /** Takes over the host's answer. The lock keeps an older answer from replacing a newer one. */
    private boolean judgeReadiness() {
        synchronized (judging) {
            boolean isReady = !isClosed && host.isReady();
            if (isReady && firstAnswered == Long.MAX_VALUE) {
                firstAnswered = journal.snapshot().revision();
            }
            answering = isReady ? journal : null;
            return isReady;
        }
    }

    /**
     * Passes a notice to the listeners that have a handler of notices.
     *
     * @param notice ECS's words about a service
     */
    public void noticed(ServiceNotice notice) {
        subscriptions.noticed(notice);
    }

    /**
     * Tells every subscriber what it has not been told, and completes futures, on this thread. For a view by hand.
     *
     * @return the number of batches, notices and futures
     * @throws IllegalStateException if subscribers have threads of their own
     * @throws InterruptedException if the thread was interrupted, or a listener says so
     */
    public int tell() throws InterruptedException {
        if (!isByHand) {
            throw new IllegalStateException("tell: the subscribers have threads (expected: a view by hand)");
        }
        return subscriptions.tell() + pending.settle();
    }

    /** Makes every subscriber's next batch a reset, as if it were too far behind. */
    public void reset() {
        subscriptions.reset();
    }

    /** {@return the state of the subscriptions that are told of changes, and of the last that a failure ended} */
    public List<SubscriptionStatus> subscriptions() {
        return subscriptions.statuses();
    }

    /** The registered subscriptions. */
    Subscriptions subscribers() {
        return subscriptions;
    }

    /** The signal of changes, readiness, freshness and the end, for waits. */
    Signal signal() {
        return signal;
    }

    /** Whether nothing moves by itself here, so that no wait makes sense. */
    boolean isByHand() {
        return isByHand;
    }

    Instant now() {
        return clock.instant();
    }

    /** The condition that readiness waits for, in words. */
    String waitsFor() {
        return end() == null ? host.waitsFor() : String.valueOf(notReady().getMessage());
    }

    /** The last published snapshot, even if the view does not answer: it may lack entities. */
    Snapshot lastSnapshot() {
        return journal.snapshot();
    }

    /** An entity by its ARN; empty as well if the view does not answer. */
    <T> Optional<T> findIfReady(EntityKind<T> kind, String arn) {
        ChangeJournal ready = answering;
        return ready == null ? Optional.empty() : ready.find(kind, arn);
    }

    /** The futures that are not complete. */
    PendingWaits pending() {
        return pending;
    }

    /** How many threads wait for something in this view, those of subscriptions included. */
    int waiting() {
        return signal.waiting() + subscriptions.asleep();
    }

    @Override
    public Snapshot snapshot() {
        ChangeJournal ready = answering;
        return ready == null ? journalOfUnready().snapshot() : ready.snapshot();
    }

    @Override
    public Snapshot snapshotAt(long revision) {
        return JournalCursor.batchAt(journalOfUnready(), revision, firstAnswered)
                .after();
    }

    private ChangeJournal journalOfUnready() {
        if (!isReady()) {
            throw notReady();
        }
        return journal;
    }

    @Override
    public Optional<Task> task(String arnOrId) {
        return find(EntityKind.TASK, arnOrId);
    }

    @Override
    public Optional<ContainerInstance> instance(String arnOrId) {
        return find(EntityKind.INSTANCE, arnOrId);
    }

    @Override
    public Optional<Service> service(String arnOrName) {
        return find(EntityKind.SERVICE, arnOrName);
    }

    @Override
    public Optional<Cluster> cluster(String arnOrName) {
        return find(EntityKind.CLUSTER, arnOrName);
    }

    /**
     * Each branch makes its own call, which the JVM then compiles into the reader; one call after both costs a tenth.
     */
    private <T> Optional<T> find(EntityKind<T> kind, String arnOrId) {
        ChangeJournal ready = answering;
        return ready == null ? journalOfUnready().find(kind, arnOrId) : ready.find(kind, arnOrId);
    }

    /** Freshness is read first: what is then in the snapshot is no older than it says. */
    @Override
    public ReadPolicy.Result read(ReadPolicy policy) {
        Freshness freshness = freshness();
        return policy.judge(snapshot(), freshness, clock.instant());
    }

    @Override
    public boolean isReady() {
        return answering != null || judgeReadiness(); // the host may be ready a moment before it calls moved()
    }

    @Override
    public Freshness freshness() {
        return host.freshness();
    }

    @Override
    public Subscription subscribe(ChangeListener listener) {
        requireNotOver();
        return subscriptions.add(listener);
    }

    @Override
    public Subscription subscribe(ChangeListener listener, long afterRevision) {
        snapshot(); // else there is nothing yet to be after
        return subscriptions.add(listener, afterRevision);
    }

    @Override
    public Flow.Publisher<ChangeBatch> changes() {
        return subscriptions::add;
    }

    @Override
    public void awaitReady(Duration limit) throws TimeoutException, InterruptedException {
        await("not ready", limit, Optional::of, snapshot -> "");
    }

    @Override
    public Snapshot awaitRevision(long revision, Duration limit) throws TimeoutException, InterruptedException {
        Predicate<Snapshot> isThere = snapshot -> snapshot.revision() >= revision;
        return await("not at revision " + revision, limit, given(isThere), Snapshot::toString);
    }

    @Override
    public Snapshot awaitCurrent(Duration limit) throws TimeoutException, InterruptedException {
        requireNotOver();
        long begun = System.nanoTime();
        long revision = host.currentRevision(limit);
        return awaitRevision(revision, limit.minusNanos(System.nanoTime() - begun));
    }

    @Override
    public Snapshot awaitFresh(Instant upTo, Duration limit) throws TimeoutException, InterruptedException {
        Function<Snapshot, String> state = snapshot ->
                "fresh up to " + freshness().freshUpTo().map(Instant::toString).orElse("nothing yet");
        return await("not fresh up to " + upTo, limit, given(snapshot -> isFresh(snapshot, upTo)), state);
    }

    @Override
    public Snapshot awaitUntil(Predicate<? super Snapshot> condition, Duration limit)
            throws TimeoutException, InterruptedException {
        return await("the condition does not hold", limit, given(condition), Snapshot::toString);
    }

    @Override
    public List<Task> awaitRunning(Collection<String> taskArns, Duration limit)
            throws TimeoutException, InterruptedException {
        return await(TaskWait.untilRunning(taskArns), limit);
    }

    @Override
    public CompletableFuture<List<Task>> whenRunning(Collection<String> taskArns) {
        return pending.add(TaskWait.untilRunning(taskArns));
    }

    @Override
    public List<Task> awaitStopped(Collection<String> taskArns, Duration limit)
            throws TimeoutException, InterruptedException {
        return await(TaskWait.untilStopped(taskArns), limit);
    }

    @Override
    public CompletableFuture<List<Task>> whenStopped(Collection<String> taskArns) {
        return pending.add(TaskWait.untilStopped(taskArns));
    }

    @Override
    public Service awaitServiceStable(Service service, Duration limit) throws TimeoutException, InterruptedException {
        return await(ServiceWait.untilStable(service), limit);
    }

    @Override
    public CompletableFuture<Service> whenServiceStable(Service service) {
        return pending.add(ServiceWait.untilStable(service));
    }

    @Override
    public Rollout awaitRollout(Service service, Duration limit) throws TimeoutException, InterruptedException {
        return await(new RolloutWait(service), limit);
    }

    @Override
    public CompletableFuture<Rollout> whenRolledOut(Service service) {
        return pending.add(new RolloutWait(service));
    }

    static boolean isFresh(Snapshot snapshot, Instant upTo) {
        return snapshot.freshness()
                .freshUpTo()
                .filter(fresh -> !fresh.isBefore(upTo))
                .isPresent();
    }

    @Override
    public TaskDefinition awaitDefinition(String arn, Duration limit) throws TimeoutException, InterruptedException {
        Objects.requireNonNull(journal.snapshot().taskDefinition(arn)); // refuses a family before the first wait
        return await("no task definition " + arn, limit, snapshot -> snapshot.taskDefinition(arn), Snapshot::toString);
    }

    private static Function<Snapshot, Optional<Snapshot>> given(Predicate<? super Snapshot> condition) {
        return snapshot -> Optional.of(snapshot).filter(condition);
    }

    private <R> R await(Wait<R> wait, Duration limit) throws TimeoutException, InterruptedException {
        return await(wait.missing(), limit, snapshot -> Optional.ofNullable(wait.test(snapshot)), wait::state);
    }

    private <R> R await(
            String missing, Duration limit, Function<Snapshot, Optional<R>> test, Function<Snapshot, String> state)
            throws TimeoutException, InterruptedException {
        long deadline = Signal.after(isByHand ? Duration.ZERO : limit);
        while (true) {
            long seen = signal.count();
            Optional<R> result = isReady() ? test.apply(journal.snapshot()) : Optional.empty();
            if (result.isPresent()) {
                return result.get();
            }
            requireNotOver();
            if (deadline - System.nanoTime() <= 0) {
                throw new TimeoutException(missing + " after " + limit + ": "
                        + (isReady() ? state.apply(journal.snapshot()) : host.waitsFor()));
            }
            signal.await(seen, deadline);
        }
    }

    private void requireNotOver() {
        NotReadyException end = end();
        if (end != null) {
            throw end;
        }
    }

    /** The reason why nothing will come any more; null while something may. */
    @Nullable NotReadyException end() {
        return isClosed || host.isOver() ? notReady() : null;
    }

    NotReadyException notReady() {
        return isClosed && !host.isOver()
                ? new NotReadyException("the view is closed (expected: open)", null)
                : host.notReady();
    }

    /**
     * Ends the view: reads throw {@link NotReadyException}, and every wait, future and subscription ends. Waits up to
     * ten seconds for callbacks that are under way, and interrupts them in the last two. The store stays open.
     */
    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }

    /**
     * Ends the view as {@link #close()} does, within a limit.
     *
     * @param limit how long to wait for callbacks; they are interrupted in its last fifth
     */
    public void close(Duration limit) {
        isClosed = true;
        judgeReadiness();
        journal.forget(wakeUp);
        long begun = System.nanoTime();
        signal.raise();
        subscriptions.close(limit);
        pending.close(limit.minusNanos(System.nanoTime() - begun));
        journal.forgetFreshness(freshness); // else a journal that lives on keeps the host alive
    }

    @Override
    public String toString() {
        return "view of " + journal.snapshot()
                + (isReady() ? "" : ", " + notReady().getMessage());
    }
}
