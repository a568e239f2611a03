package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.DescribeAnswer.Found;
import io.clusterstate.internal.ecs.DescribeAnswer.Missing;
import io.clusterstate.internal.ecs.DescribeAnswers;
import io.clusterstate.internal.ecs.Inventory;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;

/**
 * One pass over one cluster. It lists every kind, page by page, describes each listed entity, and then describes each
 * entity that the view has and no list names.
 *
 * <p>Absence needs proof (promise 8). An entity is gone if all of the following hold:
 *
 * <ul>
 *   <li>ECS returned every page of the list.
 *   <li>The entity was neither listed nor changed since the start of that list, less the allowance.
 *   <li>ECS answers MISSING to a describe call for that ARN.
 * </ul>
 *
 * <p>Anything else, above all a failure, proves nothing.
 *
 * <p>Thread: one thread runs the pass; threads of the pool describe pages.
 */
final class ReconcilePass {

    private final ReconcileContext context;
    private final String clusterArn;
    private final Origin origin;
    /** Guarded by this, since several threads add to it. */
    private Drift drift = Drift.NONE;

    private final AtomicInteger enriched = new AtomicInteger();
    private final ApiCounters meter = new ApiCounters();
    private final Inventory inventory;
    private final Heartbeat heartbeat;
    private final long begunAt;
    private final Map<EntityKind<?>, Set<String>> listed = new HashMap<>();
    /**
     * By kind, a revision that the store had reached before the allowance before the list began; entities up to it have
     * not changed since.
     */
    private final Map<EntityKind<?>, OptionalLong> unchanged = new HashMap<>();

    private final List<Future<?>> parts = new ArrayList<>();
    private final Queue<String> doubts = new ConcurrentLinkedQueue<>();
    private volatile boolean isMoreThanLag;
    /** The stamp of the answer by which the cluster is deleted; null while it exists. */
    private @Nullable Instant deletedAt;

    /** A pass whose changes carry {@code origin}. */
    ReconcilePass(ReconcileContext context, String clusterArn, Origin origin, Heartbeat heartbeat) {
        this.context = context;
        this.clusterArn = clusterArn;
        this.origin = origin;
        this.heartbeat = heartbeat;
        this.inventory = new Inventory(context.api(), meter, heartbeat);
        this.begunAt = context.environment().time().nanos();
    }

    synchronized Drift drift() {
        return drift;
    }

    /** The number of entities that the pass only enriched. */
    int enriched() {
        return enriched.get();
    }

    /** Why the pass, although nothing failed, does not confirm the cluster; empty if it does. */
    Optional<String> doubt() {
        return doubts.stream().findFirst();
    }

    /** Whether the API's lag may explain every doubt, so that a later pass settles it. */
    boolean isOnlyLag() {
        return !isMoreThanLag;
    }

    ApiCounters meter() {
        return meter;
    }

    /** Reconciles a cluster that exists. */
    void reconcile(AbsenceTracker absences) throws InterruptedException {
        try {
            for (EntityKind<?> kind : context.kinds()) {
                list(kind, absences);
            }
        } finally {
            awaitParts();
        }
        remove(absences);
    }

    /**
     * Removes the entities of a deleted cluster; returns whether the view has no living entity left in it.
     *
     * @param deleted the stamp of the answer by which the cluster is deleted
     */
    boolean removeDeleted(AbsenceTracker absences, Instant deleted) throws InterruptedException {
        deletedAt = deleted;
        for (EntityKind<?> kind : context.kinds()) {
            listed.put(kind, Set.of());
            noteUnchanged(kind);
        }
        remove(absences);
        return context.kinds().stream().allMatch(kind -> living(kind).findAny().isEmpty());
    }

    private void list(EntityKind<?> kind, AbsenceTracker absences) throws InterruptedException {
        noteUnchanged(kind);
        Set<String> seen = new HashSet<>();
        Batch batch = new Batch(kind);
        inventory.forEachPage(kind, clusterArn, arns -> {
            heartbeat.beat();
            for (String arn : arns) {
                if (seen.add(arn)) {
                    batch.add(arn);
                }
            }
        });
        batch.flush();
        listed.put(kind, seen);
        requireEmptyIsMeant(kind, absences);
    }

    /** Called when the list begins, since the history of revisions is bounded. */
    private void noteUnchanged(EntityKind<?> kind) {
        long now = context.environment().time().nanos();
        unchanged.put(kind, context.revisions().before(now - context.allowance().toNanos()));
    }

    /**
     * Fails on an empty list of a cluster in which ECS counts entities, until the two have differed for the allowance.
     */
    private void requireEmptyIsMeant(EntityKind<?> kind, AbsenceTracker absences) throws InterruptedException {
        int counted = isEmptyOn(kind) ? ClusterCounts.of(kind, clusterNow()) : 0;
        if (counted == 0) {
            absences.agreed(kind);
        } else if (!absences.believesEmptyList(kind, begunAt, context.allowance())) {
            throw new IllegalStateException(
                    "list of " + kind + "s: empty (expected: the " + counted + " that DescribeClusters counts;"
                            + " the empty list is believed after " + context.allowance() + ")");
        }
    }

    private boolean isEmptyOn(EntityKind<?> kind) {
        return listed.getOrDefault(kind, Set.of()).isEmpty()
                && context.store()
                        .snapshot()
                        .cluster(clusterArn)
                        .filter(known -> ClusterCounts.of(kind, known) > 0)
                        .isPresent();
    }

    /** The cluster as ECS describes it now, since the view's copy may be as old as the last list of clusters. */
    private Cluster clusterNow() throws InterruptedException {
        DescribeAnswers<Cluster> answers = inventory.describe(EntityKind.CLUSTER, clusterArn, List.of(clusterArn));
        noteRefused(context.applyFound(EntityKind.CLUSTER, Cluster::clusterArn, answers, origin));
        return answers.found().stream()
                .map(Found::value)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("cluster: " + answers + " (expected: its description)"));
    }

    /** Waits for all parts, even if one has failed, so that none outlives the pass; then throws the first failure. */
    private void awaitParts() throws InterruptedException {
        ExecutionException failure = null;
        try {
            for (Future<?> part : parts) {
                try {
                    part.get();
                } catch (ExecutionException e) {
                    failure = failure == null ? e : failure;
                }
                heartbeat.beat();
            }
        } catch (InterruptedException e) {
            parts.forEach(part -> part.cancel(true));
            throw e;
        }
        if (failure != null) {
            throw rethrown(failure);
        }
    }

    private static RuntimeException rethrown(ExecutionException wrapped) throws InterruptedException {
        Throwable cause = wrapped.getCause();
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(wrapped);
    }

    private <T> void describe(EntityKind<T> kind, List<String> arns) throws InterruptedException {
        DescribeAnswers<T> answers = inventory.describe(kind, clusterArn, arns);
        List<Applied> applied = applyFound(kind, answers);
        found(Drift.before(applied));
        enriched.addAndGet(Drift.enriched(applied));
        noteRefused(applied);
        lagIfForgotten(kind, answers);
        doubtUnlessClear(answers);
        heartbeat.beat();
    }

    /** Notes entities that ECS has forgotten between the list and the description: the view still has them. */
    private void lagIfForgotten(EntityKind<?> kind, DescribeAnswers<?> answers) {
        Snapshot snapshot = context.store().snapshot();
        long forgotten = answers.missing().keySet().stream()
                .filter(arn -> snapshot.observed(kind, arn)
                        .filter(known -> !known.hasEnded())
                        .isPresent())
                .count();
        if (forgotten > 0) {
            lag("entities: " + forgotten + " listed, and then answered MISSING (expected: a later pass decides)");
        }
    }

    private <T> List<Applied> applyFound(EntityKind<T> kind, DescribeAnswers<T> answers) {
        return context.applyFound(kind, entity -> clusterArn, answers, origin);
    }

    private void noteRefused(List<Applied> applied) {
        List<String> refused = applied.stream()
                .filter(each -> each.outcome() == Outcome.REFUSED)
                .map(each -> each.change().arn())
                .toList();
        if (!refused.isEmpty()) {
            doubt("the store refuses " + refused + " (expected: to keep them; its log has each reason once)");
        }
    }

    private void remove(AbsenceTracker absences) throws InterruptedException {
        List<Observed<?>> absent = new ArrayList<>();
        int known = 0;
        for (EntityKind<?> kind : context.kinds()) {
            known += (int) living(kind).count();
            living(kind).filter(each -> !isListed(each)).forEach(absent::add);
        }
        absences.listed(absent.stream().map(Observed::arn).toList(), begunAt);
        List<Removal<?>> proven = new ArrayList<>();
        for (EntityKind<?> kind : context.kinds()) {
            proven.addAll(provenGone(kind, absent, absences));
        }
        List<Removal<?>> admitted = absences.admit(proven, known, begunAt, context.allowance());
        List<Applied> applied = context.store().apply(admitted);
        long outdated = applied.stream()
                .filter(each -> each.outcome() == Outcome.OUTDATED)
                .count();
        if (outdated > 0) {
            lag("entities: " + outdated + " changed since ECS answered MISSING (expected: a later pass decides)");
        }
        int held = proven.size() - admitted.size();
        found(Drift.removal(applied, held));
        if (held > 0) {
            doubt("removals: " + held + " of " + known + " entities held back, since the API may have slipped"
                    + " (expected: a later pass proves them again)");
        }
    }

    private boolean isListed(Observed<?> entity) {
        return listed.getOrDefault(entity.kind(), Set.of()).contains(entity.arn());
    }

    /** Describes the unlisted entities of the view; returns the removals that the answers prove. */
    private <T> List<Removal<?>> provenGone(
            EntityKind<T> kind, List<Observed<?>> absentOfAnyKind, AbsenceTracker absences)
            throws InterruptedException {
        List<Observed<?>> absent =
                absentOfAnyKind.stream().filter(each -> each.kind() == kind).toList();
        absent.forEach(context::observeStamp); // so that the proof is later than the entity
        DescribeAnswers<T> answers =
                answersAbout(kind, absent.stream().map(Observed::arn).toList());
        noteRefused(applyFound(kind, answers));
        List<Removal<?>> proven = new ArrayList<>();
        for (Observed<?> each : absent) {
            if (answers.about(each.arn()) instanceof Missing<T> missing && isLongUnchanged(each, absences)) {
                proven.add(Removal.of(each, missing.askedAt(), Removal.Reason.MISSING));
            }
        }
        int tooRecent = answers.missing().size() - proven.size();
        long ended = answers.found().stream()
                .filter(found -> kind.hasEnded(found.value()))
                .count();
        found(Drift.unlisted(
                proven.size() + (int) ended, tooRecent + answers.unclear().size()));
        if (tooRecent > 0) {
            lag("entities: " + tooRecent + " answered MISSING, but listed or changed within " + context.allowance()
                    + " (expected: a later pass decides)");
        }
        doubtUnlessClear(answers);
        return proven;
    }

    /**
     * Whether ECS's lag cannot explain the absence of an entity. The store must not have changed the entity, and no
     * list may have named it, since before the list began, less the allowance.
     */
    private boolean isLongUnchanged(Observed<?> entity, AbsenceTracker absences) {
        OptionalLong before = unchanged.getOrDefault(entity.kind(), OptionalLong.empty());
        return before.isPresent()
                && entity.revision() <= before.getAsLong()
                && absences.isLongAbsent(entity.arn(), begunAt, context.allowance());
    }

    /** Describes entities. If the cluster is deleted, its absence proves theirs. */
    private <T> DescribeAnswers<T> answersAbout(EntityKind<T> kind, List<String> arns) throws InterruptedException {
        try {
            return inventory.describe(kind, clusterArn, arns);
        } catch (ClusterNotFoundException e) {
            if (deletedAt == null) {
                throw e;
            }
            return DescribeAnswers.same(arns, new Missing<>(deletedAt));
        }
    }

    private void doubtUnlessClear(DescribeAnswers<?> answers) {
        if (!answers.unclear().isEmpty()) {
            doubt("ECS's answer about these entities is unclear: " + answers.unclear()
                    + " (expected: a description, or the failure MISSING)");
        }
    }

    private synchronized void found(Drift more) {
        drift = drift.plus(more);
    }

    private void doubt(String reason) {
        isMoreThanLag = true;
        doubts.add(reason);
    }

    /** Notes a doubt that the API's lag may explain. */
    private void lag(String reason) {
        doubts.add(reason);
    }

    private <T> Stream<Observed<T>> living(EntityKind<T> kind) {
        return context.store().snapshot().query(kind).in(clusterArn).observed().filter(each -> !each.hasEnded());
    }

    /** Fills describe calls across pages, since pages may be short. */
    private final class Batch {

        private final EntityKind<?> kind;
        private List<String> arns = new ArrayList<>();

        Batch(EntityKind<?> kind) {
            this.kind = kind;
        }

        void add(String arn) {
            arns.add(arn);
            if (arns.size() == Inventory.mostDescribed(kind)) {
                flush();
            }
        }

        void flush() {
            if (!arns.isEmpty()) {
                List<String> full = arns;
                arns = new ArrayList<>();
                parts.add(context.describePool().submit(() -> {
                    describe(kind, full);
                    return full;
                }));
            }
        }
    }
}
