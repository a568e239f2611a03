package io.clusterstate.examples.soak;

import io.clusterstate.ChangeBatch;
import io.clusterstate.CompositeSnapshot;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A composite view equals its members: its counts are their sums, each entity is that of its member, and its freshness
 * is the least of theirs. Each batch names its member, and a map of a member's batches equals the member.
 */
final class CompositeEqual extends Law {

    private final Map<String, RebuiltEqual> rebuilt = new HashMap<>();
    private final Set<String> members;

    CompositeEqual(String where, Findings findings, Set<String> members) {
        super(where, findings);
        this.members = members;
        members.forEach(member -> rebuilt.put(member, new RebuiltEqual(where + ", member " + member, findings)));
    }

    @Override
    void batch(ChangeBatch batch) {
        RebuiltEqual map = batch.member().map(rebuilt::get).orElse(null);
        require(map != null, () -> batch + " names " + batch.member() + " (expected: one of " + members + ")");
        if (map != null) {
            map.batch(batch);
        }
    }

    @Override
    void seen(Snapshot snapshot) {
        CompositeSnapshot whole = (CompositeSnapshot) snapshot;
        Collection<Snapshot> parts = whole.members().values();
        require(
                whole.members().keySet().equals(members) && whole.overlaps().isEmpty(),
                () -> whole + " lacks " + whole.missing() + ", overlaps " + whole.overlaps());
        for (EntityKind<?> kind : EntityKind.all()) {
            int count = whole.query(kind).count();
            int sum = parts.stream().mapToInt(part -> part.query(kind).count()).sum();
            require(count == sum, () -> count + " entities of the kind " + kind + " (expected: " + sum + ")");
        }
        parts.forEach(part -> part.tasks().observed().forEach(task -> requireFound(whole, task)));
        requireLeast(whole.freshness().freshUpTo(), parts);
    }

    private void requireFound(Snapshot whole, Observed<?> expected) {
        Optional<? extends Observed<?>> found = whole.observed(expected.kind(), expected.arn());
        require(
                found.filter(each -> each == expected).isPresent(),
                () -> "the composite finds " + found + " (expected: " + expected + ")");
    }

    private void requireLeast(Optional<Instant> whole, Collection<Snapshot> parts) {
        List<Optional<Instant>> each =
                parts.stream().map(part -> part.freshness().freshUpTo()).toList();
        Optional<Instant> least = each.contains(Optional.<Instant>empty())
                ? Optional.empty()
                : each.stream().flatMap(Optional::stream).min(Instant::compareTo);
        require(whole.equals(least), () -> "fresh up to " + whole + " (expected: the least of " + each + ")");
    }
}
