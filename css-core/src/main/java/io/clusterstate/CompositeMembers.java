package io.clusterstate;

import io.clusterstate.internal.composite.MergedSnapshot;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The members of a composite view, and the snapshots that are taken of them.
 *
 * <p>Thread: safe for any thread.
 *
 * @param list the members in their order, at least one
 */
record CompositeMembers(List<CompositeMember> list) {

    /** Each view by its name, in order. */
    Map<String, ClusterStateView> views() {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        list.forEach(each -> views.put(each.name(), each.view()));
        return Collections.unmodifiableMap(views);
    }

    void requireKnown(Set<String> names) {
        Set<String> known = views().keySet();
        if (!known.containsAll(names)) {
            throw new IllegalArgumentException("members: " + names + " (expected: only " + known + ")");
        }
    }

    /** A snapshot of each member that is ready, and the reasons of the others. */
    MergedSnapshot take() {
        return take(each -> {});
    }

    /** The same, with a step for each member before its snapshot. */
    MergedSnapshot take(Consumer<CompositeMember> before) {
        Map<String, Snapshot> snapshots = new LinkedHashMap<>();
        Map<String, NotReadyException> missing = new LinkedHashMap<>();
        for (CompositeMember each : list) {
            before.accept(each);
            try {
                snapshots.put(each.name(), each.view().snapshot());
            } catch (NotReadyException e) {
                missing.put(each.name(), e);
            }
        }
        return new MergedSnapshot(snapshots, missing);
    }

    /** The snapshots of the members that are ready, as if there were no others. */
    MergedSnapshot present() {
        Map<String, Snapshot> snapshots = new LinkedHashMap<>();
        for (CompositeMember each : list) {
            if (each.view().isReady()) {
                snapshots.put(each.name(), each.view().lastSnapshot());
            }
        }
        return new MergedSnapshot(snapshots, Map.of());
    }

    MergedSnapshot requireReady(MergedSnapshot taken) {
        if (!isReady(taken)) {
            Map<String, NotReadyException> lacking = new LinkedHashMap<>(taken.reasons());
            lacking.keySet().retainAll(required().map(CompositeMember::name).collect(Collectors.toSet()));
            throw MergedSnapshot.notReady("", lacking);
        }
        return taken;
    }

    boolean isReady(MergedSnapshot taken) {
        return taken.missing().isEmpty()
                || required().noneMatch(each -> taken.missing().contains(each.name()));
    }

    boolean areReady() {
        for (CompositeMember each : list) {
            if (each.isRequired() && !each.view().isReady()) {
                return false;
            }
        }
        return true;
    }

    private Stream<CompositeMember> required() {
        return list.stream().filter(CompositeMember::isRequired);
    }

    /** The end of a member that the composite needs; null if it may become ready. */
    @Nullable NotReadyException end() {
        for (CompositeMember each : list) {
            NotReadyException end = each.isRequired() ? each.end() : null;
            if (end != null) {
                return end;
            }
        }
        return null;
    }

    /** The needed members that are not ready, for people. */
    String waitsFor() {
        return required()
                .filter(each -> !each.view().isReady())
                .map(each ->
                        "member " + each.name() + " waits for " + each.view().waitsFor())
                .collect(Collectors.joining("; "));
    }
}
