package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
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
 * One comparison of one cluster with the ECS API: every page of every list, every entity on it described, and a
 * question about every entity that is in the view and on no list.
 *
 * <p>Absence needs proof (promise 8). An entity is gone if every page of its list was answered, it was last heard of
 * before that list began, less the allowance for ECS's own delay, as told or as listed, and ECS answers MISSING when
 * asked for exactly that ARN. Anything else, a failure above all, proves nothing.
 *
 * <p>Thread: one thread runs it; pages are described by others beside it.
 */
final class ReconcilePass {

    private final ReconcileContext context;
    private final String clusterArn;
    private final Origin origin;
    /** Guarded by this, since several threads describe pages. */
    private Drift drift = Drift.NONE;

    private final AtomicInteger enriched = new AtomicInteger();
    private final ApiCounters meter = new ApiCounters();
    private final Inventory inventory;
    private final Heartbeat heartbeat;
    private final long begunAt;
    private final Map<EntityKind<?>, Set<String>> listed = new HashMap<>();
    /** Of each kind, up to which revision entities had not changed since the allowance before its list began. */
    private final Map<EntityKind<?>, OptionalLong> unchanged = new HashMap<>();

    private final List<Future<?>> parts = new ArrayList<>();
    private final Queue<String> doubts = new ConcurrentLinkedQueue<>();
    /** When ECS was asked and said that the cluster is no more; null while it is there. */
    private @Nullable Instant deletedAt;

    /** A pass whose store changes carry {@code origin}. */
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

    /** How many entities the API only enriched. */
    int enriched() {
        return enriched.get();
    }

    /** Why the pass, though nothing failed, does not prove that the view is whole; empty if it does. */
    Optional<String> doubt() {
        return doubts.stream().findFirst();
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
     * Proves that what the view knows of a deleted cluster is gone; returns whether nothing living is left in it.
     *
     * @param deleted when ECS was asked about the cluster and said that there is none
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

    /** Asked when the list begins: later, the store may not know any more what it had so long before. */
    private void noteUnchanged(EntityKind<?> kind) {
        long now = context.environment().time().nanos();
        unchanged.put(kind, context.revisions().before(now - context.allowance().toNanos()));
    }

    /** An empty list of a cluster in which ECS counts some is no answer, until the two have differed for long. */
    private void requireEmptyIsMeant(EntityKind<?> kind, AbsenceTracker absences) throws InterruptedException {
        int counted = isEmptyOn(kind) ? ClusterCounts.of(kind, clusterNow()) : 0;
        if (counted == 0) {
            absences.agreed(kind);
        } else if (!absences.believesEmptyList(kind, begunAt, context.allowance())) {
            throw new IllegalStateException(
                    "list of " + kind + "s: empty (expected: those that DescribeClusters counts, " + counted
                            + "; the empty list is believed after " + context.allowance() + ")");
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

    /**
     * The cluster as ECS describes it now, since what the view has of it may be as old as the last list of clusters.
     */
    private Cluster clusterNow() throws InterruptedException {
        DescribeAnswers<Cluster> answers = inventory.describe(EntityKind.CLUSTER, clusterArn, List.of(clusterArn));
        noteRefused(context.applyFound(EntityKind.CLUSTER, Cluster::clusterArn, answers, origin));
        return answers.found().stream()
                .map(Found::value)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("cluster: " + answers + " (expected: there)"));
    }

    /** Waits for all parts, also if one has failed, so that none outlives the pass; then fails as the first of them. */
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
        doubtUnlessClear(answers);
        heartbeat.beat();
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
            doubt("the store refuses " + refused + " (expected: to keep them; its log says why not)");
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
            doubt(outdated + " entities are missing, but were heard of since ECS was asked");
        }
        int held = proven.size() - admitted.size();
        found(Drift.removal(applied, held));
        if (held > 0) {
            doubt(held + " removals of " + known + " entities are held back until a later pass proves them again");
        }
    }

    private boolean isListed(Observed<?> entity) {
        return listed.getOrDefault(entity.kind(), Set.of()).contains(entity.arn());
    }

    /** Asks about what is in the view and was on no list; returns what that proves to be gone. */
    private <T> List<Removal<?>> provenGone(
            EntityKind<T> kind, List<Observed<?>> absentOfAnyKind, AbsenceTracker absences)
            throws InterruptedException {
        List<Observed<?>> absent =
                absentOfAnyKind.stream().filter(each -> each.kind() == kind).toList();
        absent.forEach(context::observeStamp); // so that the proof is later than what is to go
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
            doubt(tooRecent + " entities are missing, but were heard of within " + context.allowance());
        }
        doubtUnlessClear(answers);
        return proven;
    }

    /**
     * Whether an entity was last heard of so long ago that ECS's own delay does not explain its absence: the store has
     * had it as it is since before the list began, less the allowance, and no list has named it in that time.
     */
    private boolean isLongUnchanged(Observed<?> entity, AbsenceTracker absences) {
        OptionalLong before = unchanged.getOrDefault(entity.kind(), OptionalLong.empty());
        return before.isPresent()
                && entity.revision() <= before.getAsLong()
                && absences.isLongAbsent(entity.arn(), begunAt, context.allowance());
    }

    /** Of a deleted cluster, the answer that the cluster is not there says it of all that lived in it. */
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
            doubt("described: " + answers.unclear() + " (expected: there, or MISSING)");
        }
    }

    private synchronized void found(Drift more) {
        drift = drift.plus(more);
    }

    private void doubt(String reason) {
        doubts.add(reason);
    }

    private <T> Stream<Observed<T>> living(EntityKind<T> kind) {
        return context.store().snapshot().query(kind).in(clusterArn).observed().filter(each -> !each.hasEnded());
    }

    /** Fills Describe calls across pages, since pages may be short. */
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
