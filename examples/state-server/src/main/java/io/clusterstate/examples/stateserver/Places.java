package io.clusterstate.examples.stateserver;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeView;
import io.clusterstate.NotReadyException;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.mirror.MirrorPlace;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The state as requests read it: of the only place, or of several. An answer has all places that it is about, or it is
 * an error that names a place which is not ready.
 *
 * <p>Thread: safe for any thread.
 */
final class Places {

    private final StateSource source;
    private final Map<String, ClusterStateView> views = new LinkedHashMap<>();
    /** The views of some places, by their names. There are no more than Regions, accounts, and places. */
    private final Map<Set<String>, ClusterStateView> parts = new ConcurrentHashMap<>();

    Places(StateSource source) {
        this.source = source;
        source.places().forEach((name, place) -> views.put(name.toString(), place.view()));
        if (views.isEmpty()) {
            views.put(Revisions.ONLY, source.view());
        }
    }

    /**
     * A state to answer from.
     *
     * @param snapshot the entities
     * @param revisions the revisions of the places that it shows
     */
    record Shown(Snapshot snapshot, Revisions revisions) {}

    boolean areSeveral() {
        return !source.places().isEmpty();
    }

    /** The views by the places' names, in their order. */
    Map<String, ClusterStateView> views() {
        return views;
    }

    /** The view of all places. */
    ClusterStateView view() {
        return source.view();
    }

    /** The present state of all places. */
    Shown all() {
        Snapshot now = view().snapshot();
        return new Shown(now, Revisions.in(now));
    }

    /** The present state of the places that a request asks for. */
    Shown in(Filters filters) {
        Set<String> asked = names(filters);
        return asked.size() == views.size() ? all() : in(asked);
    }

    /** The names of the places that a request asks for, in their order. It throws if there is none. */
    Set<String> names(Filters filters) {
        if (!areSeveral()) {
            return views.keySet();
        }
        Set<String> asked = source.places().keySet().stream()
                .filter(filters::isAskedFor)
                .map(MirrorPlace::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (asked.isEmpty()) {
            throw HttpError.unknown(
                    "No such region or account (expected: one of " + String.join(", ", views.keySet()) + ")");
        }
        return asked;
    }

    /** The present state of the place of an entity; empty if none is its home. */
    Optional<Shown> homeOf(String arn) {
        return nameOfHome(arn).map(name -> {
            Snapshot now = requireNonNull(views.get(name)).snapshot();
            return new Shown(now, Revisions.NONE.with(name, now.revision()));
        });
    }

    /** The name of the place of an entity; empty if none is its home. */
    Optional<String> nameOfHome(String arn) {
        if (!areSeveral()) {
            return Optional.of(Revisions.ONLY);
        }
        Optional<EcsArn> parsed = EcsArn.parse(arn);
        return source.places().keySet().stream()
                .filter(place -> parsed.filter(each -> isHome(place, each)).isPresent())
                .map(MirrorPlace::name)
                .findFirst();
    }

    /** Whether a place has the Region and the account of an ARN, as far as the place's account is known. */
    static boolean isHome(MirrorPlace place, EcsArn arn) {
        return place.region().equals(arn.region())
                && place.account()
                        .filter(account -> !account.equals(arn.account()))
                        .isEmpty();
    }

    private Shown in(Set<String> names) {
        Map<String, ClusterStateView> part = new LinkedHashMap<>();
        names.forEach(name -> part.put(name, requireNonNull(views.get(name))));
        Snapshot now =
                parts.computeIfAbsent(names, unknown -> CompositeView.of(part)).snapshot();
        return new Shown(now, Revisions.in(now));
    }

    /** Throws if no place is ready. */
    void requireAny() {
        if (views.values().stream().noneMatch(ClusterStateView::isReady)) {
            view().snapshot(); // throws with the reason
            throw new NotReadyException("no place is ready", null);
        }
    }
}
