package io.clusterstate;

import io.clusterstate.internal.loop.Loop.Heart;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;

/**
 * One comparison of one cluster with the ECS API: every page of every list, every entity on it described, and a question
 * about every entity that is in the view and on no list.
 *
 * <p>Absence needs proof (promise 8). An entity is gone if every page of its list was answered, it was last heard of
 * before that list began, less the allowance for ECS's own delay, as told or as listed, and ECS answers MISSING when
 * asked for exactly that ARN. Anything else, a failure above all, proves nothing.
 *
 * <p>Thread: one thread runs it; pages are described by others beside it.
 */
final class ClusterPass {

    private final ReconcileTools tools;
    private final String clusterArn;
    private final Origin origin;
    private final DriftTally drift = new DriftTally();
    private final ApiTally meter = new ApiTally();
    private final Inventory inventory;
    private final Heart heart;
    private final long begunAt;
    private final Map<EntityKind<?>, Set<String>> listed = new HashMap<>();
    private final Map<EntityKind<?>, Instant> listedAt = new HashMap<>();
    private final List<Future<?>> parts = new ArrayList<>();
    private final Queue<String> doubts = new ConcurrentLinkedQueue<>();
    private boolean isDeleted;

    /** A pass whose store changes carry {@code origin}. */
    ClusterPass(ReconcileTools tools, String clusterArn, Origin origin, Heart heart) {
        this.tools = tools;
        this.clusterArn = clusterArn;
        this.origin = origin;
        this.heart = heart;
        this.inventory = new Inventory(tools.api(), meter, heart);
        this.begunAt = tools.surroundings().time().nanos();
    }

    Drift drift() {
        return drift.drift();
    }

    /** Why the pass, though nothing failed, does not prove that the view is whole; empty if it does. */
    Optional<String> doubt() {
        return doubts.stream().findFirst();
    }

    ApiTally meter() {
        return meter;
    }

    /** Compares a cluster that is there. */
    void compare(AbsenceMemory memory) throws InterruptedException {
        try {
            for (EntityKind<?> kind : tools.kinds()) {
                list(kind);
            }
        } finally {
            awaitParts();
        }
        remove(memory);
    }

    /** Proves that what the view knows of a deleted cluster is gone; returns whether nothing living is left in it. */
    boolean bury(AbsenceMemory memory) throws InterruptedException {
        isDeleted = true;
        for (EntityKind<?> kind : tools.kinds()) {
            listed.put(kind, Set.of());
            listedAt.put(kind, now());
        }
        remove(memory);
        return tools.kinds().stream().allMatch(kind -> living(kind).findAny().isEmpty());
    }

    private void list(EntityKind<?> kind) throws InterruptedException {
        listedAt.put(kind, now());
        Set<String> seen = new HashSet<>();
        Batch batch = new Batch(kind);
        inventory.forEachPage(kind, clusterArn, arns -> {
            heart.beat();
            for (String arn : arns) {
                if (seen.add(arn)) {
                    batch.add(arn);
                }
            }
        });
        batch.flush();
        listed.put(kind, seen);
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
                heart.beat();
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
        Instant asked = now();
        Described<T> answer = inventory.describe(kind, clusterArn, arns);
        drift.told(tools.store().apply(upserts(kind, answer.found(), asked)));
        doubtUnlessKnown(answer);
        heart.beat();
    }

    private <T> List<Upsert<T>> upserts(EntityKind<T> kind, List<T> found, Instant asked) {
        return found.stream()
                .map(value -> Upsert.of(kind, clusterArn, value, origin, asked))
                .toList();
    }

    private void remove(AbsenceMemory memory) throws InterruptedException {
        List<Observed<?>> absent = new ArrayList<>();
        int known = 0;
        for (EntityKind<?> kind : tools.kinds()) {
            known += (int) living(kind).count();
            living(kind).filter(each -> !isListed(each)).forEach(absent::add);
        }
        memory.listed(absent.stream().map(Observed::arn).toList(), begunAt);
        List<Removal<?>> proven = new ArrayList<>();
        for (EntityKind<?> kind : tools.kinds()) {
            proven.addAll(provenGone(kind, absent, memory));
        }
        List<Removal<?>> admitted = memory.admit(proven, known, begunAt, tools.allowance());
        drift.removed(tools.store().apply(admitted));
        int held = proven.size() - admitted.size();
        drift.heldBack(held);
        if (held > 0) {
            doubt(held + " removals of " + known + " entities are held back until a later pass proves them again");
        }
    }

    private boolean isListed(Observed<?> entity) {
        return listed.getOrDefault(entity.kind(), Set.of()).contains(entity.arn());
    }

    /** Asks about what is in the view and was on no list; returns what that proves to be gone. */
    private <T> List<Removal<?>> provenGone(EntityKind<T> kind, List<Observed<?>> absentOfAnyKind, AbsenceMemory memory)
            throws InterruptedException {
        List<Observed<?>> absent =
                absentOfAnyKind.stream().filter(each -> each.kind() == kind).toList();
        Instant asked = now();
        Described<T> answer =
                answerAbout(kind, absent.stream().map(Observed::arn).toList());
        tools.store().apply(upserts(kind, answer.found(), asked));
        List<Observed<?>> missing = absent.stream()
                .filter(each -> answer.missing().contains(each.arn()))
                .toList();
        List<Removal<?>> proven = missing.stream()
                .filter(each -> isLongUnheardOf(each, memory))
                .<Removal<?>>map(each -> Removal.of(each, asked, Removal.Reason.MISSING))
                .toList();
        int tooRecent = missing.size() - proven.size();
        long ended = answer.found().stream().filter(kind::hasEnded).count();
        drift.phantoms(proven.size() + (int) ended);
        drift.unproven(tooRecent + answer.unknown().size());
        if (tooRecent > 0) {
            doubt(tooRecent + " entities are missing, but were heard of within " + tools.allowance());
        }
        doubtUnlessKnown(answer);
        return proven;
    }

    /** Whether an entity was last heard of so long ago that ECS's own delay does not explain its absence. */
    private boolean isLongUnheardOf(Observed<?> entity, AbsenceMemory memory) {
        Instant listedFrom = listedAt.getOrDefault(entity.kind(), Instant.MIN);
        return entity.observedAt().isBefore(listedFrom.minus(tools.allowance()))
                && memory.isLongAbsent(entity.arn(), begunAt, tools.allowance());
    }

    /** Of a deleted cluster, the answer that the cluster is not there says it of all that lived in it. */
    private <T> Described<T> answerAbout(EntityKind<T> kind, List<String> arns) throws InterruptedException {
        try {
            return inventory.describe(kind, clusterArn, arns);
        } catch (ClusterNotFoundException e) {
            if (isDeleted) {
                return new Described<>(List.of(), Set.copyOf(arns), Map.of());
            }
            throw e;
        }
    }

    private void doubtUnlessKnown(Described<?> answer) {
        if (!answer.unknown().isEmpty()) {
            doubt("described: " + answer.unknown() + " (expected: there, or MISSING)");
        }
    }

    private void doubt(String reason) {
        doubts.add(reason);
    }

    private <T> Stream<Observed<T>> living(EntityKind<T> kind) {
        return Residents.of(tools.store().snapshot(), kind, clusterArn).filter(each -> !each.hasEnded());
    }

    private Instant now() {
        return tools.surroundings().clock().instant();
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
                parts.add(tools.crew().submit(() -> {
                    describe(kind, full);
                    return full;
                }));
            }
        }
    }
}
