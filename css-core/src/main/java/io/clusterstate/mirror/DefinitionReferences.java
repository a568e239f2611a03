package io.clusterstate.mirror;

import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.spi.SnapshotEditor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The references of tasks and services to task definitions: those that a snapshot lacks wait for a fetch, and those
 * that nothing refers to wait for their end. The cost of following follows what has changed.
 *
 * <p>Thread: one at a time.
 */
final class DefinitionReferences {

    /** The references to one definition: how many, and the time of the newest there ever was. */
    private static final class References {
        private int count;
        private Instant newest = Instant.MIN;
    }

    private final Predicate<String> isFetched;
    private final Map<String, References> referred = new HashMap<>();
    /** The definitions that are referred to and not held. */
    private final Set<String> waiting = new HashSet<>();
    /** The definitions that are held and not referred to, in the order of the times since when. */
    private final Map<String, Long> unused = new LinkedHashMap<>();

    private Snapshot seen = SnapshotEditor.empty();

    /**
     * References of an empty snapshot.
     *
     * @param isFetched whether the last seen snapshot holds a definition as it is wanted, by ARN
     */
    DefinitionReferences(Predicate<String> isFetched) {
        this.isFetched = isFetched;
    }

    /** The last followed snapshot. */
    Snapshot seen() {
        return seen;
    }

    /** The number of definitions that wait for a fetch. */
    int waiting() {
        return waiting.size();
    }

    /** Whether a definition waits for a fetch. */
    boolean isWaiting(String arn) {
        return waiting.contains(arn);
    }

    /** Takes in what has changed; {@code now} is the monotonic time. */
    void follow(Snapshot next, long now) {
        if (next == seen) {
            return;
        }
        Set<String> touched = new HashSet<>();
        for (EntityChange<?> change : next.since(seen).changes()) {
            if (change.kind() == EntityKind.TASK_DEFINITION) {
                touched.add(change.arn());
            } else {
                count(referencesOf(change.before()), referencesOf(change.after()), touched);
            }
        }
        seen = next;
        touched.forEach(arn -> judge(arn, now));
    }

    private void count(Map<String, Instant> before, Map<String, Instant> after, Set<String> touched) {
        if (before.equals(after)) {
            return;
        }
        after.forEach((arn, at) -> {
            References references = referred.computeIfAbsent(arn, each -> new References());
            references.count++;
            references.newest = at.isAfter(references.newest) ? at : references.newest;
        });
        before.keySet()
                .forEach(arn -> referred.computeIfPresent(
                        arn, (each, references) -> --references.count == 0 ? null : references));
        touched.addAll(after.keySet());
        touched.addAll(before.keySet());
    }

    /** Decides anew whether a definition waits, after a change of its references, or of itself. */
    void judge(String arn, long now) {
        boolean isReferred = referred.containsKey(arn);
        if (isReferred && !isFetched.test(arn)) {
            waiting.add(arn);
        } else {
            waiting.remove(arn);
        }
        if (!isReferred && seen.observed(EntityKind.TASK_DEFINITION, arn).isPresent()) {
            unused.putIfAbsent(arn, now);
        } else {
            unused.remove(arn);
        }
    }

    /**
     * The definition to fetch next: that with the newest reference.
     *
     * @param isDue whether a definition may be asked for now
     */
    Optional<String> next(Predicate<String> isDue) {
        String next = null;
        Instant newest = Instant.MIN;
        for (String arn : waiting) {
            References references = referred.get(arn);
            if (references != null && (next == null || references.newest.isAfter(newest)) && isDue.test(arn)) {
                next = arn;
                newest = references.newest;
            }
        }
        return Optional.ofNullable(next);
    }

    /** The definitions to which nothing has referred for a time, the longest unused first. */
    List<String> unusedFor(Duration time, long now, int most) {
        List<String> old = new ArrayList<>();
        for (Map.Entry<String, Long> each : unused.entrySet()) {
            if (now - each.getValue() < time.toNanos() || old.size() >= most) {
                break;
            }
            old.add(each.getKey());
        }
        return old;
    }

    /** The definitions that an entity refers to, each with the time of the reference; none once it has ended. */
    private static Map<String, Instant> referencesOf(@Nullable Observed<?> entity) {
        if (entity == null || entity.hasEnded()) {
            return Map.of();
        }
        Map<String, Instant> references = new HashMap<>();
        if (entity.value() instanceof Task task) {
            add(references, task.taskDefinitionArn(), task.createdAt());
        } else if (entity.value() instanceof Service service) {
            add(references, service.taskDefinition(), service.createdAt());
            service.deployments().forEach(each -> add(references, each.taskDefinition(), each.createdAt()));
            service.taskSets().forEach(each -> add(references, each.taskDefinition(), each.createdAt()));
        }
        return references;
    }

    private static void add(Map<String, Instant> references, @Nullable String arn, @Nullable Instant at) {
        if (arn != null && EcsArn.isOf("task-definition", arn)) {
            references.merge(arn, at == null ? Instant.EPOCH : at, (one, other) -> one.isAfter(other) ? one : other);
        }
    }
}
