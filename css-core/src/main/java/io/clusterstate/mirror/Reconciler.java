package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.loop.ClockSteps.Mark;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;

/**
 * Reconciles the view with the ECS API, cluster by cluster, at intervals and on request. A failure of one cluster
 * delays no other cluster.
 *
 * <p>Thread: several threads run {@link #step} at once; each cluster is with one of them at a time.
 */
final class Reconciler {

    /** The time for which a thread waits for work before its next heartbeat. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The pause before a mirror that does not lead checks again. */
    private static final Duration NOT_LEADING = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final ReconcileContext context;
    private final Lifecycle lifecycle;
    private final Runnable progressed;
    private final FreshnessTracker freshness;
    private final Ownership ownership;
    private final ClusterDiscovery discovery;
    private final ClientCheck check;
    private final ReconcileQueue queue;
    private final ReconcileTerms terms;
    private final ReconcilePauses pauses;
    private final ReconcileReports reports;
    private final ReconcileRequests requests;
    /** The left-out clusters that the log has named. */
    private final Set<String> loggedLeftOut = ConcurrentHashMap.newKeySet();

    /**
     * A reconciler with an empty queue.
     *
     * @param interval the pause after a pass, asked for at the end of the pass
     * @param listener receives the report of each pass
     * @param progressed runs after each list and pass, before their futures complete
     */
    Reconciler(
            ReconcileContext context,
            Supplier<Duration> interval,
            Consumer<ReconcileReport> listener,
            Lifecycle lifecycle,
            Runnable progressed) {
        this.context = context;
        this.lifecycle = lifecycle;
        this.progressed = progressed;
        this.freshness = context.freshness();
        this.ownership = new Ownership(context.selection().home(), context.coordination());
        this.discovery = new ClusterDiscovery(context, ownership);
        this.check = new ClientCheck(discovery, context);
        this.queue = new ReconcileQueue(context.environment().time());
        this.terms = new ReconcileTerms(context.coordination(), this::takeOver);
        this.pauses = new ReconcilePauses(interval, context.allowance(), context.environment());
        this.reports = new ReconcileReports(listener, lifecycle::isClosed);
        this.requests = new ReconcileRequests(queue, terms, lifecycle);
    }

    /** The sum of the drift of all passes, without the first of each cluster. */
    Drift allDrift() {
        return reports.allDrift();
    }

    /** The last report of each cluster, by ARN. */
    Map<String, ReconcileReport> lastReports() {
        Map<String, ReconcileReport> last = new TreeMap<>();
        queue.clusters().forEach(item -> item.lastReport().ifPresent(report -> last.put(item.name(), report)));
        return last;
    }

    /** The failure of the last list of clusters; empty if it succeeded, or another mirror leads. */
    Optional<String> listFailure() {
        return isLeading() ? discovery.failure() : Optional.empty();
    }

    /**
     * The failure of the last list, or else of a cluster's last pass; empty if none failed, or another mirror leads.
     */
    Optional<String> failure() {
        if (!isLeading()) {
            return Optional.empty();
        }
        return listFailure().or(() -> lastReports().values().stream()
                .filter(report -> !report.isComplete())
                .map(report -> report.clusterArn() + ": " + report.failure().orElse(""))
                .findFirst());
    }

    /** The progress of the first complete load, for people. */
    String progress() {
        if (!isLeading()) {
            Coordination shared = context.coordination();
            String by = shared.leader()
                    .map(leader -> leader.name() + ", which leads and was last heard of at " + leader.heardOfAt())
                    .orElse("another process that leads");
            return "the first load, by " + by + "; store: " + shared.link();
        }
        return "the first load; clusters done: "
                + context.coordination().confirmation().clusters().size() + " of "
                + queue.clusters().size()
                + failure().map(why -> ", last failure: " + why).orElse("");
    }

    /** Whether the mirror follows a cluster, and ECS has not deleted it. */
    boolean follows(String clusterArn) {
        return queue.followsLiving(clusterArn);
    }

    /** Lists the clusters soon. */
    void hurryList() {
        queue.hurry(ReconcileQueue.LIST);
    }

    /** Reconciles everything soon, since another mirror may have received events about any cluster. */
    void hurryAll() {
        queue.hurryAll();
    }

    /** Makes every waiting pass due after a pause at the latest. */
    void waitAtMost(Duration pause) {
        queue.waitAtMost(pause);
    }

    /** Reconciles the cluster with this name or ARN now. */
    CompletableFuture<ReconcileReport> reconcileNow(String nameOrArn) {
        return requests.cluster(nameOrArn);
    }

    /** Lists the clusters now, and reconciles each cluster on the list. */
    CompletableFuture<List<ReconcileReport>> reconcileAllNow() {
        return requests.all();
    }

    void close() {
        queue.close();
    }

    /** The check of the ECS client against the shared store. */
    ClientCheck clientCheck() {
        return check;
    }

    /** Whether this mirror leads, and therefore reconciles. */
    boolean isLeading() {
        return terms.isLeading();
    }

    /** Wakes the threads that wait for work, since the lead may have moved. */
    void moved() {
        queue.wake();
    }

    /** Whether every cluster is loaded, even if its pass left something open. */
    boolean isLoaded() {
        return queue.all().stream()
                .allMatch(item -> item.isLoaded() || item.deletedAt().isPresent());
    }

    /** Continues from the confirmations of earlier leaders, unless the state belongs to another account or Region. */
    private void takeOver(Confirmation confirmed, long term) {
        ownership.follow();
        ownership.settle(term);
        if (!terms.isStill(term)) {
            return; // resigned
        }
        Confirmation own = ownership.own(confirmed);
        freshness.resume(own);
        hurryList();
        own.clusters().forEach((arn, upTo) -> queue.resume(arn, pauses.regularAfter(upTo.plus(context.allowance()))));
        if (own.isLoaded()) {
            LOG.info(
                    "leads from now on, continues with {} clusters",
                    own.clusters().size());
        }
    }

    /** One step of a reconcile loop: works on the next item that is due. */
    Duration step(Heartbeat heartbeat) throws InterruptedException {
        long wakeUps = queue.wakeUps(); // before the look at the term, so that no move after it is missed
        long term = terms.enter();
        check.run(term, heartbeat);
        ownership.settle(term); // a check that began before this term may have ended since
        if (!terms.isLeading()) {
            queue.abandon(ReconcileTerms.notLeading()); // each time, since a request may race with the loss of the lead
            ownership.follow();
            return NOT_LEADING;
        }
        Optional<WorkItem> next = queue.take(PATIENCE, wakeUps, item -> isOpen(item, term));
        if (next.isPresent()) {
            work(next.get(), heartbeat);
        }
        return Duration.ZERO;
    }

    /**
     * Whether the leader may work on an item: it judges no cluster before its client is known to read the right home.
     */
    private boolean isOpen(WorkItem item, long term) {
        return isList(item) ? ownership.mayList(term) : ownership.isSettled(term);
    }

    private static boolean isList(WorkItem item) {
        return item.name().equals(ReconcileQueue.LIST);
    }

    /** Works on an item, and gives it back whatever happens. */
    @SuppressWarnings("IllegalCatch") // an item that is not given back would never be due again
    private void work(WorkItem item, Heartbeat heartbeat) throws InterruptedException {
        long term = 0;
        try {
            term = terms.enter(); // again, since the wait for the item may have been long
            if (term == 0 || !isOpen(item, term)) {
                throw ReconcileTerms.notLeading();
            }
            Duration pause = isList(item) ? list(item, term, heartbeat) : reconcile(item, term, heartbeat);
            if (!terms.isStill(term)) {
                throw ReconcileTerms.lost();
            }
            progressed.run(); // before futures complete, so that their dependents see the results of the pass
            queue.done(item, pause);
        } catch (RuntimeException e) {
            fail(item, term, e);
        } catch (Throwable e) {
            queue.failed(item, pauseAfterFailure(item, e), e);
            throw e;
        }
    }

    /** Gives back an item that has failed. A lead that was lost explains any failure, and is an expected state. */
    private void fail(WorkItem item, long term, RuntimeException failure) {
        if (terms.isLeading() && (term == 0 || terms.isStill(term))) { // 0: the take-over of a new term has failed
            queue.failed(item, pauseAfterFailure(item, failure), failure);
        } else {
            queue.failed(item, NOT_LEADING, term == 0 ? ReconcileTerms.notLeading() : ReconcileTerms.lost());
        }
    }

    private Duration pauseAfterFailure(WorkItem item, Throwable failure) {
        int inARow = item.failed();
        Duration pause = pauses.afterFailure(inARow, Duration.ZERO);
        if (!lifecycle.isClosed()) { // closing interrupts passes
            LOG.warn(
                    "{}: failure {} in a row, next attempt in {} ms: {}",
                    item.name(),
                    inARow,
                    pause.toMillis(),
                    FailureText.of(failure));
        }
        return pause;
    }

    private Duration list(WorkItem item, long term, Heartbeat heartbeat) throws InterruptedException {
        Mark begun = freshness.begin();
        ClusterDiscovery.Discovered discovered = discovery.discover(lifecycle.isReady(), followed(), term, heartbeat);
        if (!terms.isStill(term)) {
            throw ReconcileTerms.lost();
        }
        discovered.living().forEach(arn -> queue.follow(arn).deletedAt(null));
        discovered.deleted().forEach((arn, askedAt) -> queue.follow(arn).deletedAt(askedAt));
        discovered.deleted().keySet().forEach(queue::hurry);
        leaveOut(discovered.denied(), term);
        Set<String> readable = new HashSet<>(discovered.living());
        readable.removeAll(selection().leftOut().keySet());
        freshness.listed(readable, begun, term);
        discovered.living().stream()
                .filter(arn -> selection().leftOut(arn).isPresent())
                .forEach(queue::hurry); // it may be readable again
        item.loaded();
        item.complete();
        return pauses.regular();
    }

    /**
     * Leaves out the clusters that ECS denies to describe. A pass that can read a left-out cluster takes it in again.
     */
    private void leaveOut(Map<String, String> denied, long term) {
        denied.forEach((arn, why) -> leaveOut(arn, why, term));
        for (String arn : selection().leftOut().keySet()) {
            if (!denied.containsKey(arn)
                    && queue.clusters().stream().noneMatch(item -> item.name().equals(arn))) {
                selection().takeIn(arn); // it was known by its name alone
            }
        }
    }

    private void leaveOut(String clusterArn, String why, long term) {
        selection().leaveOut(clusterArn, why);
        if (loggedLeftOut.add(clusterArn)) {
            LOG.warn("{}: left out until ECS permits to read it: {}", clusterArn, why);
        }
        freshness.gone(clusterArn, term);
    }

    private Selection selection() {
        return context.selection();
    }

    private Set<String> followed() {
        return queue.clusters().stream().map(WorkItem::name).collect(Collectors.toSet());
    }

    private Duration reconcile(WorkItem item, long term, Heartbeat heartbeat) throws InterruptedException {
        Mark begun = freshness.begin();
        boolean isFirst = !item.wasComplete();
        Origin origin = isFirst ? Origin.LOAD : Origin.RECONCILE;
        ReconcilePass pass = new ReconcilePass(context, item.name(), origin, heartbeat);
        Optional<String> failed = run(pass, item, begun, term);
        ReconcileReport report = new ReconcileReport(
                item.name(),
                begun.wall(),
                Duration.ofNanos(context.environment().time().nanos() - begun.nanos()),
                isFirst,
                pass.drift(),
                pass.enriched(),
                pass.meter().allCalls(),
                pass.meter().allThrottled(),
                failed.or(pass::doubt));
        item.report(report);
        reports.publish(report);
        boolean isLeftOut = selection().leftOut(item.name()).isPresent();
        if (failed.isEmpty() || isLeftOut) {
            item.loaded(); // last, so that a ready view has its freshness and report
        }
        if (isLeftOut || !terms.isStill(term)) {
            return pauses.regular();
        }
        return report.isComplete()
                ? pauseAfterCompletion(item)
                : pauseAfter(item, report, failed.isPresent(), failed.isEmpty() && pass.isOnlyLag());
    }

    /** Runs a pass; returns its failure. */
    private Optional<String> run(ReconcilePass pass, WorkItem item, Mark begun, long term) throws InterruptedException {
        try {
            if (item.deletedAt().isPresent()) {
                removeDeleted(pass, item, term);
            } else {
                reconcileLiving(pass, item, begun, term);
            }
            return Optional.empty();
        } catch (ClusterNotFoundException e) {
            queue.hurry(ReconcileQueue.LIST);
            return Optional.of(FailureText.of(e));
        } catch (RuntimeException e) {
            if (selection().clusters().isReadableOnly() && EcsApi.isDenied(e)) {
                leaveOut(item.name(), FailureText.of(e), term);
            }
            return Optional.of(FailureText.of(e));
        }
    }

    private void reconcileLiving(ReconcilePass pass, WorkItem item, Mark begun, long term) throws InterruptedException {
        selection().takeIn(item.name()); // before the pass, so that no event is left out that the pass misses
        pass.reconcile(item.absences());
        if (loggedLeftOut.remove(item.name())) {
            LOG.info("{}: readable again", item.name());
        }
        if (pass.doubt().isEmpty()) {
            freshness.reconciled(item.name(), begun, term);
        }
    }

    /** Removes a deleted cluster, after all its entities are gone. */
    private void removeDeleted(ReconcilePass pass, WorkItem item, long term) throws InterruptedException {
        Instant deleted = item.deletedAt().orElseThrow();
        if (pass.removeDeleted(item.absences(), deleted)) {
            context.store()
                    .snapshot()
                    .observed(EntityKind.CLUSTER, item.name())
                    .filter(cluster -> !cluster.hasEnded())
                    .ifPresent(cluster ->
                            context.store().apply(List.of(Removal.of(cluster, deleted, Removal.Reason.MISSING))));
            freshness.gone(item.name(), term);
            queue.drop(item.name());
            selection().takeIn(item.name());
        }
    }

    private Duration pauseAfterCompletion(WorkItem item) {
        item.complete();
        return item.deletedAt().isPresent() ? pauses.secondLook() : pauses.regular();
    }

    private Duration pauseAfter(WorkItem item, ReconcileReport report, boolean hasFailed, boolean isOnlyLag) {
        int inARow = item.failed();
        Duration pause = hasFailed
                ? pauses.afterFailedPass(inARow, report.duration())
                : pauses.afterFailure(inARow, pauses.secondLook());
        ReconcileReports.logIncomplete(report, isOnlyLag, inARow, pause);
        return pause;
    }
}
