package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.loop.Backoff;
import io.clusterstate.internal.loop.ClockSteps.Mark;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Removal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;

/**
 * Compares the view with the ECS API, cluster by cluster, from time to time and when asked, and repairs what differs.
 * One cluster's failure does not keep the others from their turn.
 *
 * <p>Thread: several run {@link #step} at once; each cluster is with one of them.
 */
final class Reconciler {

    /** How long a thread waits for a turn before its loop shows that it lives. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** The part of the interval by which clusters fall out of step, so that they do not all come at once. */
    private static final double JITTER = 0.1;

    /** How often one that does not lead looks whether it does now. */
    private static final Duration NOT_LEADING = Duration.ofMillis(500);

    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
    /** A pass that fails pauses so many times as long as it took, so that it takes a fifth of the time at the most. */
    private static final int COSTLY = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final ReconcileContext context;
    private final ClusterDiscovery discovery;
    private final Supplier<Duration> every;
    private final Consumer<ReconcileReport> listener;
    private final Lifecycle lifecycle;
    private final Runnable progressed;
    private final FreshnessTracker freshnessTracker;
    private final ReconcileQueue queue;
    private final Set<String> saidLeftOut = ConcurrentHashMap.newKeySet();
    /** The term that was noticed last; guarded by this. */
    private long term;

    private volatile Drift allDrift = Drift.NONE;

    /**
     * A reconciler.
     *
     * @param every how long to pause after a comparison, asked at its end
     * @param progressed is run after every turn, before those who wait for it are told
     */
    Reconciler(
            ReconcileContext context,
            Supplier<Duration> every,
            Consumer<ReconcileReport> listener,
            Lifecycle lifecycle,
            Runnable progressed) {
        this.context = context;
        this.freshnessTracker = context.freshness();
        this.every = every;
        this.listener = listener;
        this.lifecycle = lifecycle;
        this.progressed = progressed;
        this.queue = new ReconcileQueue(context.environment().time());
        this.discovery = new ClusterDiscovery(context);
    }

    /** What all passes but each cluster's first have found. */
    Drift allDrift() {
        return allDrift;
    }

    /** The last report of each cluster. */
    Map<String, ReconcileReport> lastReports() {
        Map<String, ReconcileReport> reports = new TreeMap<>();
        queue.clusters().forEach(item -> item.lastReport().ifPresent(report -> reports.put(item.name(), report)));
        return reports;
    }

    /** Why the clusters could not be listed the last time; nothing while another lists them. */
    Optional<String> listFailure() {
        return isLeading() ? discovery.failure() : Optional.empty();
    }

    /** Why the last turns failed that did: the list of clusters first; nothing while another compares. */
    Optional<String> failure() {
        if (!isLeading()) {
            return Optional.empty();
        }
        return listFailure().or(() -> lastReports().values().stream()
                .filter(report -> !report.isComplete())
                .map(report -> report.clusterArn() + ": " + report.failure().orElse(""))
                .findFirst());
    }

    /** What the first complete load is doing, for those who wait for it. */
    String progress() {
        if (!isLeading()) {
            return "the first load, which another process does that leads; store: "
                    + context.coordination().link();
        }
        return "the first load; clusters done: "
                + context.coordination().confirmation().clusters().size() + " of "
                + queue.clusters().size()
                + failure().map(why -> ", last failure: " + why).orElse("");
    }

    /** Lists the clusters again, soon: there is one that nobody has listed. */
    void heardOf(String clusterArn) {
        if (!queue.followsLiving(clusterArn)) {
            queue.hurry(ReconcileQueue.LIST);
        }
    }

    /** Lists and compares all soon: events about any of them may have gone to another. */
    void hurryAll() {
        queue.hurryAll();
    }

    /** Lets none of the regular comparisons be further away than a pause. */
    void waitAtMost(Duration pause) {
        queue.waitAtMost(pause);
    }

    /** Compares the cluster that goes by this name or ARN. */
    CompletableFuture<ReconcileReport> reconcileNow(String nameOrArn) {
        Optional<IllegalStateException> obstacle = obstacle();
        if (obstacle.isPresent()) {
            return CompletableFuture.failedFuture(obstacle.get());
        }
        WorkItem cluster = find(nameOrArn)
                .orElseThrow(() -> new IllegalArgumentException(
                        "clusterNameOrArn: " + nameOrArn + " (expected: a cluster that the mirror follows)"));
        CompletableFuture<ReconcileReport> report = new CompletableFuture<>();
        queue.ask(cluster.name(), failure -> {
            if (failure == null) {
                report.complete(cluster.lastReport().orElseThrow());
            } else {
                report.completeExceptionally(failure);
            }
        });
        return report;
    }

    /** The list of clusters, and then every one that is on it. */
    CompletableFuture<List<ReconcileReport>> reconcileAllNow() {
        Optional<IllegalStateException> obstacle = obstacle();
        if (obstacle.isPresent()) {
            return CompletableFuture.failedFuture(obstacle.get());
        }
        CompletableFuture<List<ReconcileReport>> reports = new CompletableFuture<>();
        queue.ask(ReconcileQueue.LIST, failure -> {
            if (failure == null) {
                askAll(reports);
            } else {
                reports.completeExceptionally(failure);
            }
        });
        return reports;
    }

    private void askAll(CompletableFuture<List<ReconcileReport>> reports) {
        List<WorkItem> clusters = List.copyOf(queue.clusters());
        AtomicInteger left = new AtomicInteger(clusters.size());
        if (clusters.isEmpty()) {
            reports.complete(List.of());
        }
        for (WorkItem item : clusters) {
            queue.ask(item.name(), failure -> {
                if (failure != null) {
                    reports.completeExceptionally(failure);
                } else if (left.decrementAndGet() == 0) {
                    reports.complete(lastReports(clusters));
                }
            });
        }
    }

    private static List<ReconcileReport> lastReports(List<WorkItem> clusters) {
        return clusters.stream().flatMap(item -> item.lastReport().stream()).toList();
    }

    /** Why nothing would be compared now; empty if it would. */
    private Optional<IllegalStateException> obstacle() {
        if (lifecycle.phase() == MirrorStatus.Phase.LATENT) {
            return Optional.of(new IllegalStateException("reconcileNow: the mirror is LATENT (expected: started)"));
        }
        return isLeading() ? Optional.empty() : Optional.of(notLeading());
    }

    private static IllegalStateException notLeading() {
        return new IllegalStateException(
                "reconcileNow: another process leads (expected: to be asked of the mirror that leads)");
    }

    private Optional<WorkItem> find(String nameOrArn) {
        return queue.clusters().stream()
                .filter(item -> EcsArn.isNamed(item.name(), nameOrArn))
                .findFirst();
    }

    void close() {
        queue.close();
    }

    /** Whether this mirror is the one that compares. */
    boolean isLeading() {
        return context.coordination().term() != 0;
    }

    /** The lead may have moved: who waits for a turn looks whether it is still this mirror that takes any. */
    void moved() {
        queue.wake();
    }

    /** The term in which this mirror compares, 0 if it does not; in a new one it goes on with what another has left. */
    private synchronized long noticedTerm() {
        long now = context.coordination().term();
        if (now == 0) {
            queue.abandon(notLeading()); // each time, since one may have asked in the moment when the lead was lost
        }
        if (now == 0 && term != 0) {
            LOG.info("does not lead any more, compares nothing");
        } else if (now != term) {
            takeOver(context.coordination().confirmation());
        }
        term = now; // last, so that what failed is tried again
        return now;
    }

    private void takeOver(Confirmation confirmed) {
        selection().home().learnFrom(confirmed.clusters().keySet());
        freshnessTracker.resume(confirmed);
        queue.hurry(ReconcileQueue.LIST);
        confirmed.clusters().forEach((arn, upTo) -> {
            Instant comparedAt = upTo.plus(context.allowance());
            Duration pause = jittered(every.get());
            queue.resume(arn, shorter(pause, Duration.between(now(), comparedAt.plus(pause)))); // clocks differ
        });
        if (confirmed.isLoaded()) {
            LOG.info(
                    "leads from now on, goes on with {} clusters",
                    confirmed.clusters().size());
        }
    }

    /** One step of a reconcile loop: the next turn, if one is due. */
    Duration step(Heartbeat heartbeat) throws InterruptedException {
        long wakings = queue.wakings(); // before the look at the term, so that no move after it is missed
        if (noticedTerm() == 0) {
            selection()
                    .home()
                    .learnFrom(context.coordination().confirmation().clusters().keySet());
            return NOT_LEADING;
        }
        Optional<WorkItem> next = queue.take(PATIENCE, wakings);
        if (next.isPresent()) {
            take(next.get(), heartbeat);
        }
        return Duration.ZERO;
    }

    /** Whether all that ECS lists of every cluster has been taken in once, be something left open or not. */
    boolean isLoaded() {
        return queue.all().stream()
                .allMatch(item -> item.isLoaded() || item.deletedAt().isPresent());
    }

    /** Does what the turn is about, and gives it back whatever comes. */
    @SuppressWarnings("IllegalCatch") // else the turn would never come again
    private void take(WorkItem item, Heartbeat heartbeat) throws InterruptedException {
        try {
            long inTerm = noticedTerm(); // anew, since the turn may have been waited for long
            if (inTerm == 0) {
                throw notLeading();
            }
            Duration pause = item.name().equals(ReconcileQueue.LIST)
                    ? list(item, inTerm, heartbeat)
                    : reconcile(item, inTerm, heartbeat);
            requireStill(inTerm);
            progressed.run(); // first, so that who waited for the turn finds what it brought about
            queue.done(item, pause);
        } catch (RuntimeException e) {
            queue.failed(item, pauseAfter(item, FailureText.of(e)), e);
        } catch (Throwable e) {
            queue.failed(item, pauseAfter(item, FailureText.of(e)), e);
            throw e;
        }
    }

    /** What was found in an earlier term confirms nothing: it is older than what others may have confirmed since. */
    private void requireStill(long inTerm) {
        if (context.coordination().term() != inTerm) {
            throw new IllegalStateException("the lead was lost in the middle (expected: to lead until the end)");
        }
    }

    private Duration list(WorkItem item, long inTerm, Heartbeat heartbeat) throws InterruptedException {
        Mark begun = freshnessTracker.begin();
        ClusterDiscovery.Discovered discovered = discovery.call(lifecycle.isReady(), followed(), heartbeat);
        for (String arn : discovered.living()) {
            queue.follow(arn).deletedAt(null);
        }
        discovered.deleted().forEach((arn, askedAt) -> queue.follow(arn).deletedAt(askedAt));
        discovered.deleted().keySet().forEach(queue::hurry);
        requireStill(inTerm);
        leaveOut(discovered.denied(), inTerm);
        Set<String> readable = new HashSet<>(discovered.living());
        readable.removeAll(selection().leftOut().keySet());
        freshnessTracker.listed(readable, begun, inTerm);
        discovered.living().stream()
                .filter(arn -> selection().leftOut(arn).isPresent())
                .forEach(queue::hurry); // what is in it may be readable again
        item.loaded();
        item.complete();
        return jittered(every.get());
    }

    /**
     * Leaves out what may not be described; what may be again is listed as living, and taken in when its pass succeeds.
     */
    private void leaveOut(Map<String, String> denied, long inTerm) {
        denied.forEach((arn, why) -> leaveOut(arn, why, inTerm));
        for (String arn : selection().leftOut().keySet()) {
            if (!denied.containsKey(arn)
                    && queue.clusters().stream().noneMatch(item -> item.name().equals(arn))) {
                selection().takeIn(arn); // it was known by its name alone
            }
        }
    }

    private void leaveOut(String clusterArn, String why, long inTerm) {
        selection().leaveOut(clusterArn, why);
        if (saidLeftOut.add(clusterArn)) {
            LOG.warn("{}: left out, until ECS permits to read it: {}", clusterArn, why);
        }
        freshnessTracker.gone(clusterArn, inTerm);
    }

    private Selection selection() {
        return context.selection();
    }

    private Set<String> followed() {
        return queue.clusters().stream().map(WorkItem::name).collect(Collectors.toSet());
    }

    private Duration reconcile(WorkItem item, long inTerm, Heartbeat heartbeat) throws InterruptedException {
        Mark begun = freshnessTracker.begin();
        boolean isFirst = !item.wasComplete();
        ReconcilePass pass =
                new ReconcilePass(context, item.name(), isFirst ? Origin.LOAD : Origin.RECONCILE, heartbeat);
        Optional<String> failed = run(pass, item, begun, inTerm);
        Optional<String> failure = failed.or(pass::doubt);
        Duration took = Duration.ofNanos(context.environment().time().nanos() - begun.nanos());
        ReconcileReport report = new ReconcileReport(
                item.name(),
                begun.wall(),
                took,
                isFirst,
                pass.drift(),
                pass.meter().allCalls(),
                pass.meter().allThrottled(),
                failure);
        item.report(report);
        publish(report);
        boolean isLeftOut = selection().leftOut(item.name()).isPresent();
        if (failed.isEmpty() || isLeftOut) {
            item.loaded(); // last, so that who is told of readiness finds the freshness and the report, too
        }
        return isLeftOut ? jittered(every.get()) : pauseAfter(item, report, failed.isEmpty());
    }

    /** Runs a pass; returns what it failed of. */
    private Optional<String> run(ReconcilePass pass, WorkItem item, Mark begun, long inTerm)
            throws InterruptedException {
        try {
            if (item.deletedAt().isPresent()) {
                bury(pass, item, inTerm);
            } else {
                compare(pass, item, begun, inTerm);
            }
            return Optional.empty();
        } catch (ClusterNotFoundException e) {
            queue.hurry(ReconcileQueue.LIST);
            return Optional.of(FailureText.of(e));
        } catch (RuntimeException e) {
            if (selection().clusters().isReadableOnly() && EcsApi.isDenied(e)) {
                leaveOut(item.name(), FailureText.of(e), inTerm);
            }
            return Optional.of(FailureText.of(e));
        }
    }

    private void compare(ReconcilePass pass, WorkItem item, Mark begun, long inTerm) throws InterruptedException {
        selection().takeIn(item.name()); // before the pass, so that no event of it is passed over that the pass misses
        pass.compare(item.memory());
        requireStill(inTerm);
        if (saidLeftOut.remove(item.name())) {
            LOG.info("{}: readable again", item.name());
        }
        if (pass.doubt().isEmpty()) {
            freshnessTracker.compared(item.name(), begun, inTerm);
        }
    }

    /** Lets a deleted cluster go, after all that lived in it. */
    private void bury(ReconcilePass pass, WorkItem item, long inTerm) throws InterruptedException {
        Instant deleted = item.deletedAt().orElseThrow();
        if (pass.bury(item.memory(), deleted)) {
            context.store()
                    .snapshot()
                    .observed(EntityKind.CLUSTER, item.name())
                    .filter(cluster -> !cluster.hasEnded())
                    .ifPresent(cluster ->
                            context.store().apply(List.of(Removal.of(cluster, deleted, Removal.Reason.MISSING))));
            requireStill(inTerm);
            queue.drop(item.name());
            selection().takeIn(item.name());
            freshnessTracker.gone(item.name(), inTerm);
        }
    }

    private void publish(ReconcileReport report) {
        if (!report.isFirst()) {
            add(report.drift());
        }
        if (report.drift().heldBack() > 0) {
            LOG.warn("{}", report);
        } else if (report.isFirst() || report.drift().equals(Drift.NONE)) {
            LOG.debug("{}", report);
        } else {
            LOG.info("{}", report);
        }
        tell(report);
    }

    private void tell(ReconcileReport report) {
        if (lifecycle.phase() == MirrorStatus.Phase.CLOSED) {
            return;
        }
        try {
            listener.accept(report);
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: the listener for reports failed", report.clusterArn(), e);
        }
    }

    private synchronized void add(Drift found) {
        allDrift = allDrift.plus(found);
    }

    private Duration pauseAfter(WorkItem item, ReconcileReport report, boolean isInDoubt) {
        if (report.isComplete()) {
            item.complete();
            return item.deletedAt().isPresent() ? secondLook() : jittered(every.get());
        }
        return pauseAfter(
                item,
                report.failure().orElse(""),
                isInDoubt ? secondLook() : report.duration().multipliedBy(COSTLY));
    }

    private Duration pauseAfter(WorkItem item, String failure) {
        return pauseAfter(item, failure, Duration.ZERO);
    }

    /**
     * How long to pause after a failure: not so short that what fails over and over uses up the budget of the others.
     */
    private Duration pauseAfter(WorkItem item, String failure, Duration least) {
        int inARow = item.failed();
        Duration backoff = Backoff.pause(inARow, context.environment().random());
        Duration pause = shorter(every.get(), longer(backoff, least));
        LOG.warn("{}: failure {} in a row, again in {} ms: {}", item.name(), inARow, pause.toMillis(), failure);
        return pause;
    }

    private Duration jittered(Duration interval) {
        double factor = 1 - JITTER + 2 * JITTER * context.environment().nextDouble();
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }

    /** After how long ECS's own delay explains no more what was seen. */
    private Duration secondLook() {
        return longer(context.allowance(), LEAST_PAUSE);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Instant now() {
        return context.environment().clock().instant();
    }
}
