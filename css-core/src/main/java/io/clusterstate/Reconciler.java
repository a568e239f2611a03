package io.clusterstate;

import io.clusterstate.internal.loop.Backoff;
import io.clusterstate.internal.loop.ClockSteps.Mark;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heart;
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
 * Compares the view with the ECS API, cluster by cluster, from time to time and when asked, and repairs what differs. One
 * cluster's failure does not keep the others from their turn.
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

    private final ReconcileTools tools;
    private final ClusterRoll roll;
    private final Supplier<Duration> every;
    private final Consumer<ReconcileReport> listener;
    private final Life life;
    private final Runnable progressed;
    private final FreshnessBook book;
    private final Turns turns;
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
            ReconcileTools tools,
            Supplier<Duration> every,
            Consumer<ReconcileReport> listener,
            Life life,
            Runnable progressed) {
        this.tools = tools;
        this.book = tools.freshness();
        this.every = every;
        this.listener = listener;
        this.life = life;
        this.progressed = progressed;
        this.turns = new Turns(tools.surroundings().time());
        this.roll = new ClusterRoll(tools);
    }

    /** What all passes but each cluster's first have found. */
    Drift allDrift() {
        return allDrift;
    }

    /** The last report of each cluster. */
    Map<String, ReconcileReport> lastReports() {
        Map<String, ReconcileReport> reports = new TreeMap<>();
        turns.clusters().forEach(turn -> turn.lastReport().ifPresent(report -> reports.put(turn.name(), report)));
        return reports;
    }

    /** Why the clusters could not be listed the last time; nothing while another lists them. */
    Optional<String> listFailure() {
        return isLeading() ? roll.failure() : Optional.empty();
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
                    + tools.sharing().link();
        }
        return "the first load; clusters done: "
                + tools.sharing().confirmation().clusters().size() + " of "
                + turns.clusters().size()
                + failure().map(why -> ", last failure: " + why).orElse("");
    }

    /** Lists the clusters again, soon: there is one that nobody has listed. */
    void heardOf(String clusterArn) {
        if (!turns.followsLiving(clusterArn)) {
            turns.hurry(Turns.LIST);
        }
    }

    /** Lists and compares all soon: events about any of them may have gone to another. */
    void hurryAll() {
        turns.hurryAll();
    }

    /** Lets none of the regular comparisons be further away than a pause. */
    void waitAtMost(Duration pause) {
        turns.waitAtMost(pause);
    }

    /** Compares the cluster that goes by this name or ARN. */
    CompletableFuture<ReconcileReport> reconcileNow(String nameOrArn) {
        Optional<IllegalStateException> obstacle = obstacle();
        if (obstacle.isPresent()) {
            return CompletableFuture.failedFuture(obstacle.get());
        }
        Turn cluster = find(nameOrArn)
                .orElseThrow(() -> new IllegalArgumentException(
                        "clusterNameOrArn: " + nameOrArn + " (expected: a cluster that the mirror follows)"));
        CompletableFuture<ReconcileReport> report = new CompletableFuture<>();
        turns.ask(cluster.name(), failure -> {
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
        turns.ask(Turns.LIST, failure -> {
            if (failure == null) {
                askAll(reports);
            } else {
                reports.completeExceptionally(failure);
            }
        });
        return reports;
    }

    private void askAll(CompletableFuture<List<ReconcileReport>> reports) {
        List<Turn> clusters = List.copyOf(turns.clusters());
        AtomicInteger left = new AtomicInteger(clusters.size());
        if (clusters.isEmpty()) {
            reports.complete(List.of());
        }
        for (Turn turn : clusters) {
            turns.ask(turn.name(), failure -> {
                if (failure != null) {
                    reports.completeExceptionally(failure);
                } else if (left.decrementAndGet() == 0) {
                    reports.complete(lastReports(clusters));
                }
            });
        }
    }

    private static List<ReconcileReport> lastReports(List<Turn> clusters) {
        return clusters.stream().flatMap(turn -> turn.lastReport().stream()).toList();
    }

    /** Why nothing would be compared now; empty if it would. */
    private Optional<IllegalStateException> obstacle() {
        if (life.phase() == MirrorStatus.Phase.LATENT) {
            return Optional.of(new IllegalStateException("reconcileNow: the mirror is LATENT (expected: started)"));
        }
        return isLeading() ? Optional.empty() : Optional.of(notLeading());
    }

    private static IllegalStateException notLeading() {
        return new IllegalStateException(
                "reconcileNow: another process leads (expected: to be asked of the mirror that leads)");
    }

    private Optional<Turn> find(String nameOrArn) {
        return turns.clusters().stream()
                .filter(turn -> Clusters.isNamed(turn.name(), nameOrArn))
                .findFirst();
    }

    void close() {
        turns.close();
    }

    /** Whether this mirror is the one that compares. */
    boolean isLeading() {
        return tools.sharing().term() != 0;
    }

    /** The lead may have moved: who waits for a turn looks whether it is still this mirror that takes any. */
    void moved() {
        turns.wake();
    }

    /** The term in which this mirror compares, 0 if it does not; in a new one it goes on with what another has left. */
    private synchronized long noticedTerm() {
        long now = tools.sharing().term();
        if (now == 0) {
            turns.abandon(notLeading()); // each time, since one may have asked in the moment when the lead was lost
        }
        if (now == 0 && term != 0) {
            LOG.info("does not lead any more, compares nothing");
        } else if (now != term) {
            takeOver(tools.sharing().confirmation());
        }
        term = now; // last, so that what failed is tried again
        return now;
    }

    private void takeOver(Confirmation confirmed) {
        selection().home().learnFrom(confirmed.clusters().keySet());
        book.resume(confirmed);
        turns.hurry(Turns.LIST);
        confirmed.clusters().forEach((arn, upTo) -> {
            Instant comparedAt = upTo.plus(tools.allowance());
            Duration pause = jittered(every.get());
            turns.resume(arn, shorter(pause, Duration.between(now(), comparedAt.plus(pause)))); // clocks differ
        });
        if (confirmed.isLoaded()) {
            LOG.info(
                    "leads from now on, goes on with {} clusters",
                    confirmed.clusters().size());
        }
    }

    /** One step of a reconcile loop: the next turn, if one is due. */
    Duration step(Heart heart) throws InterruptedException {
        long wakings = turns.wakings(); // before the look at the term, so that no move after it is missed
        if (noticedTerm() == 0) {
            selection()
                    .home()
                    .learnFrom(tools.sharing().confirmation().clusters().keySet());
            return NOT_LEADING;
        }
        Optional<Turn> next = turns.take(PATIENCE, wakings);
        if (next.isPresent()) {
            take(next.get(), heart);
        }
        return Duration.ZERO;
    }

    /** Whether all that ECS lists of every cluster has been taken in once, be something left open or not. */
    boolean isLoaded() {
        return turns.all().stream()
                .allMatch(turn -> turn.isLoaded() || turn.deletedAt().isPresent());
    }

    /** Does what the turn is about, and gives it back whatever comes. */
    @SuppressWarnings("IllegalCatch") // else the turn would never come again
    private void take(Turn turn, Heart heart) throws InterruptedException {
        try {
            long inTerm = noticedTerm(); // anew, since the turn may have been waited for long
            if (inTerm == 0) {
                throw notLeading();
            }
            Duration pause =
                    turn.name().equals(Turns.LIST) ? list(turn, inTerm, heart) : reconcile(turn, inTerm, heart);
            requireStill(inTerm);
            progressed.run(); // first, so that who waited for the turn finds what it brought about
            turns.done(turn, pause);
        } catch (RuntimeException e) {
            turns.failed(turn, pauseAfter(turn, FailureText.of(e)), e);
        } catch (Throwable e) {
            turns.failed(turn, pauseAfter(turn, FailureText.of(e)), e);
            throw e;
        }
    }

    /** What was found in an earlier term confirms nothing: it is older than what others may have confirmed since. */
    private void requireStill(long inTerm) {
        if (tools.sharing().term() != inTerm) {
            throw new IllegalStateException("the lead was lost in the middle (expected: to lead until the end)");
        }
    }

    private Duration list(Turn turn, long inTerm, Heart heart) throws InterruptedException {
        Mark begun = book.begin();
        ClusterRoll.Called called = roll.call(life.isReady(), followed(), heart);
        for (String arn : called.living()) {
            turns.follow(arn).deletedAt(null);
        }
        called.deleted().forEach((arn, askedAt) -> turns.follow(arn).deletedAt(askedAt));
        called.deleted().keySet().forEach(turns::hurry);
        requireStill(inTerm);
        leaveOut(called.denied(), inTerm);
        Set<String> readable = new HashSet<>(called.living());
        readable.removeAll(selection().leftOut().keySet());
        book.listed(readable, begun, inTerm);
        called.living().stream()
                .filter(arn -> selection().leftOut(arn).isPresent())
                .forEach(turns::hurry); // what is in it may be readable again
        turn.loaded();
        turn.complete();
        return jittered(every.get());
    }

    /** Leaves out what may not be described; what may be again is listed as living, and taken in when its pass succeeds. */
    private void leaveOut(Map<String, String> denied, long inTerm) {
        denied.forEach((arn, why) -> leaveOut(arn, why, inTerm));
        for (String arn : selection().leftOut().keySet()) {
            if (!denied.containsKey(arn)
                    && turns.clusters().stream().noneMatch(turn -> turn.name().equals(arn))) {
                selection().takeIn(arn); // it was known by its name alone
            }
        }
    }

    private void leaveOut(String clusterArn, String why, long inTerm) {
        selection().leaveOut(clusterArn, why);
        if (saidLeftOut.add(clusterArn)) {
            LOG.warn("{}: left out, until ECS permits to read it: {}", clusterArn, why);
        }
        book.gone(clusterArn, inTerm);
    }

    private Selection selection() {
        return tools.selection();
    }

    private Set<String> followed() {
        return turns.clusters().stream().map(Turn::name).collect(Collectors.toSet());
    }

    private Duration reconcile(Turn turn, long inTerm, Heart heart) throws InterruptedException {
        Mark begun = book.begin();
        boolean isFirst = !turn.wasComplete();
        ClusterPass pass = new ClusterPass(tools, turn.name(), isFirst ? Origin.LOAD : Origin.RECONCILE, heart);
        Optional<String> failed = run(pass, turn, begun, inTerm);
        Optional<String> failure = failed.or(pass::doubt);
        Duration took = Duration.ofNanos(tools.surroundings().time().nanos() - begun.nanos());
        ReconcileReport report = new ReconcileReport(
                turn.name(),
                begun.wall(),
                took,
                isFirst,
                pass.drift(),
                pass.meter().allCalls(),
                pass.meter().allThrottled(),
                failure);
        turn.report(report);
        publish(report);
        boolean isLeftOut = selection().leftOut(turn.name()).isPresent();
        if (failed.isEmpty() || isLeftOut) {
            turn.loaded(); // last, so that who is told of readiness finds the freshness and the report, too
        }
        return isLeftOut ? jittered(every.get()) : pauseAfter(turn, report, failed.isEmpty());
    }

    /** Runs a pass; returns what it failed of. */
    private Optional<String> run(ClusterPass pass, Turn turn, Mark begun, long inTerm) throws InterruptedException {
        try {
            if (turn.deletedAt().isPresent()) {
                bury(pass, turn, inTerm);
            } else {
                compare(pass, turn, begun, inTerm);
            }
            return Optional.empty();
        } catch (ClusterNotFoundException e) {
            turns.hurry(Turns.LIST);
            return Optional.of(FailureText.of(e));
        } catch (RuntimeException e) {
            if (selection().clusters().isReadableOnly() && EcsApi.isDenied(e)) {
                leaveOut(turn.name(), FailureText.of(e), inTerm);
            }
            return Optional.of(FailureText.of(e));
        }
    }

    private void compare(ClusterPass pass, Turn turn, Mark begun, long inTerm) throws InterruptedException {
        selection().takeIn(turn.name()); // before the pass, so that no event of it is passed over that the pass misses
        pass.compare(turn.memory());
        requireStill(inTerm);
        if (saidLeftOut.remove(turn.name())) {
            LOG.info("{}: readable again", turn.name());
        }
        if (pass.doubt().isEmpty()) {
            book.compared(turn.name(), begun, inTerm);
        }
    }

    /** Lets a deleted cluster go, after all that lived in it. */
    private void bury(ClusterPass pass, Turn turn, long inTerm) throws InterruptedException {
        Instant deleted = turn.deletedAt().orElseThrow();
        if (pass.bury(turn.memory(), deleted)) {
            tools.store()
                    .snapshot()
                    .observed(EntityKind.CLUSTER, turn.name())
                    .filter(cluster -> !cluster.hasEnded())
                    .ifPresent(cluster ->
                            tools.store().apply(List.of(Removal.of(cluster, deleted, Removal.Reason.MISSING))));
            requireStill(inTerm);
            turns.drop(turn.name());
            selection().takeIn(turn.name());
            book.gone(turn.name(), inTerm);
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
        if (life.phase() == MirrorStatus.Phase.CLOSED) {
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

    private Duration pauseAfter(Turn turn, ReconcileReport report, boolean isInDoubt) {
        if (report.isComplete()) {
            turn.complete();
            return turn.deletedAt().isPresent() ? secondLook() : jittered(every.get());
        }
        return pauseAfter(
                turn,
                report.failure().orElse(""),
                isInDoubt ? secondLook() : report.duration().multipliedBy(COSTLY));
    }

    private Duration pauseAfter(Turn turn, String failure) {
        return pauseAfter(turn, failure, Duration.ZERO);
    }

    /** How long to pause after a failure: not so short that what fails over and over uses up the budget of the others. */
    private Duration pauseAfter(Turn turn, String failure, Duration least) {
        int inARow = turn.failed();
        Duration backoff = Backoff.pause(inARow, tools.surroundings().random());
        Duration pause = shorter(every.get(), longer(backoff, least));
        LOG.warn("{}: failure {} in a row, again in {} ms: {}", turn.name(), inARow, pause.toMillis(), failure);
        return pause;
    }

    private Duration jittered(Duration interval) {
        double factor = 1 - JITTER + 2 * JITTER * tools.surroundings().roll();
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }

    /** After how long ECS's own delay explains no more what was seen. */
    private Duration secondLook() {
        return longer(tools.allowance(), LEAST_PAUSE);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Instant now() {
        return tools.surroundings().clock().instant();
    }
}
