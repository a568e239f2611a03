package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.ReadPolicy;
import io.clusterstate.StoreLink;
import io.clusterstate.mirror.MirrorPlace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The freshness of the state: its revisions, the time up to which ECS confirmed it, and the reasons why it is not
 * fresh. Several places have the least of their freshnesses, and each by itself.
 *
 * @param revisions the revisions of the places that are ready
 * @param places the freshness of each place; empty if there are no several
 */
record FreshnessJson(
        boolean isReady,
        List<String> unmet,
        Revisions revisions,
        Freshness freshness,
        Duration maxStale,
        String role,
        List<String> problems,
        Map<MirrorPlace, FreshnessJson> places) {

    static FreshnessJson of(StateSource source, Duration maxStale) {
        return source.places().isEmpty() ? of(Revisions.ONLY, source, maxStale) : ofSeveral(source, maxStale);
    }

    private static FreshnessJson ofSeveral(StateSource source, Duration maxStale) {
        Map<MirrorPlace, FreshnessJson> places = new LinkedHashMap<>();
        List<String> unmet = new ArrayList<>();
        Revisions revisions = Revisions.NONE;
        for (Map.Entry<MirrorPlace, StateSource> each : source.places().entrySet()) {
            FreshnessJson place = of(each.getKey().toString(), each.getValue(), maxStale);
            places.put(each.getKey(), place);
            place.unmet.forEach(reason -> unmet.add(each.getKey() + ": " + reason));
            revisions = revisions.with(place.revisions);
        }
        return new FreshnessJson(
                places.values().stream().allMatch(FreshnessJson::isReady),
                unmet,
                revisions,
                source.view().freshness(),
                maxStale,
                source.role(),
                source.problems(),
                places);
    }

    private static FreshnessJson of(String place, StateSource source, Duration maxStale) {
        ClusterStateView view = source.view();
        ReadPolicy policy = ReadPolicy.any().live().atMostStale(maxStale).servingMarked();
        boolean isReady = true;
        Revisions revisions = Revisions.NONE;
        List<String> unmet;
        Freshness freshness;
        try {
            ReadPolicy.Result answer = view.read(policy);
            unmet = unmet(answer, maxStale);
            revisions = revisions.with(place, answer.snapshot().revision());
            freshness = answer.freshness();
        } catch (NotReadyException e) {
            isReady = false;
            unmet = List.of(String.valueOf(e.getMessage()));
            freshness = view.freshness();
        }
        return new FreshnessJson(
                isReady, unmet, revisions, freshness, maxStale, source.role(), source.problems(), Map.of());
    }

    /**
     * The reasons as texts that change only with the reasons, since each change is sent to clients and read out by
     * screen readers.
     */
    private static List<String> unmet(ReadPolicy.Result answer, Duration maxStale) {
        List<String> words = new ArrayList<>();
        StoreLink link = answer.freshness().link();
        if (!link.isLive()) {
            words.add("the store is " + link + " (expected: LIVE)");
        }
        if (answer.unmet().size() > words.size()) {
            String limit =
                    " (expected: within " + maxStale.toString().substring(2).toLowerCase(Locale.ROOT) + ")";
            words.add(answer.freshness()
                    .freshUpTo()
                    .map(upTo -> "ECS has confirmed the state up to " + upTo.truncatedTo(ChronoUnit.SECONDS) + limit)
                    .orElse("ECS has not confirmed the state" + limit));
        }
        return words;
    }

    /** Whether the state is ready and confirmed within the allowed time. */
    boolean isFresh() {
        return isReady && unmet.isEmpty();
    }

    /**
     * Whether the state is ready and confirmed within the allowed time, by events or by reconciling alone. A rolling
     * deployment waits for this before it ends the process that holds the queue. Of several places all are ready, and
     * one is confirmed: a process that a single place makes unready takes all others away from its clients.
     */
    boolean isServing() {
        if (!places.isEmpty()) {
            return isReady && places.values().stream().anyMatch(FreshnessJson::isServing);
        }
        boolean isStandby = freshness.link().state() == StoreLink.State.STANDBY && unmet.size() == 1;
        return isFresh() || (isReady && isStandby);
    }

    void write(Fields fields, Instant now) throws IOException {
        write(fields);
        fields.listIfAny("places", List.copyOf(places.entrySet()), FreshnessJson::writePlace)
                .number("maxStaleSeconds", maxStale.toSeconds())
                .moment("now", now);
    }

    private void write(Fields fields) throws IOException {
        fields.flag("ready", isReady)
                .flag("fresh", isFresh())
                .texts("unmet", unmet)
                .text("entityVersion", revisions.toString())
                .moment("freshUpTo", freshness.freshUpTo().orElse(null))
                .list("clusters", freshness.clusters().entrySet(), FreshnessJson::writeCluster)
                .moment("lastEventAt", freshness.lastEventAt().orElse(null))
                .number(
                        "eventLagMillis",
                        freshness.eventLag().map(Duration::toMillis).orElse(null))
                .object("store", freshness.link(), FreshnessJson::writeLink)
                .text("role", role)
                .texts("problems", problems);
    }

    private static void writePlace(Fields fields, Map.Entry<MirrorPlace, FreshnessJson> place) throws IOException {
        fields.text("name", place.getKey().toString())
                .text("region", place.getKey().region())
                .text("account", place.getKey().account().orElse(null));
        place.getValue().write(fields);
    }

    private static void writeCluster(Fields fields, Map.Entry<String, Instant> cluster) throws IOException {
        fields.text("clusterARN", cluster.getKey()).moment("freshUpTo", cluster.getValue());
    }

    private static void writeLink(Fields fields, StoreLink link) throws IOException {
        boolean hasBegun = !link.since().equals(StoreLink.LOCAL.since());
        fields.text("state", link.state().name()).moment("since", hasBegun ? link.since() : null);
    }
}
