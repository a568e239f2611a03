package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.ReadPolicy;
import io.clusterstate.StoreLink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The freshness of the state: its revision, the time up to which ECS confirmed it, and the reasons why it is not fresh.
 */
record FreshnessJson(
        boolean isReady,
        List<String> unmet,
        @Nullable Long revision,
        Freshness freshness,
        Duration maxStale,
        String role,
        List<String> problems) {

    static FreshnessJson of(StateSource source, Duration maxStale) {
        ClusterStateView view = source.view();
        ReadPolicy policy = ReadPolicy.any().live().atMostStale(maxStale).servingMarked();
        try {
            ReadPolicy.Result answer = view.read(policy);
            return new FreshnessJson(
                    true,
                    unmet(answer, maxStale),
                    answer.snapshot().revision(),
                    answer.freshness(),
                    maxStale,
                    source.role(),
                    source.problems());
        } catch (NotReadyException e) {
            List<String> why = List.of(String.valueOf(e.getMessage()));
            return new FreshnessJson(false, why, null, view.freshness(), maxStale, source.role(), source.problems());
        }
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
     * deployment waits for this before it ends the process that holds the queue.
     */
    boolean isServing() {
        boolean isStandby = freshness.link().state() == StoreLink.State.STANDBY && unmet.size() == 1;
        return isFresh() || (isReady && isStandby);
    }

    void write(Fields fields, Instant now) throws IOException {
        fields.flag("ready", isReady)
                .flag("fresh", isFresh())
                .texts("unmet", unmet)
                .text("entityVersion", revision == null ? null : revision.toString())
                .moment("freshUpTo", freshness.freshUpTo().orElse(null))
                .list("clusters", freshness.clusters().entrySet(), FreshnessJson::writeCluster)
                .moment("lastEventAt", freshness.lastEventAt().orElse(null))
                .number(
                        "eventLagMillis",
                        freshness.eventLag().map(Duration::toMillis).orElse(null))
                .object("store", freshness.link(), FreshnessJson::writeLink)
                .number("maxStaleSeconds", maxStale.toSeconds())
                .text("role", role)
                .texts("problems", problems)
                .moment("now", now);
    }

    private static void writeCluster(Fields fields, Map.Entry<String, Instant> cluster) throws IOException {
        fields.text("clusterARN", cluster.getKey()).moment("freshUpTo", cluster.getValue());
    }

    private static void writeLink(Fields fields, StoreLink link) throws IOException {
        boolean hasBegun = !link.since().equals(StoreLink.LOCAL.since());
        fields.text("state", link.state().name()).moment("since", hasBegun ? link.since() : null);
    }
}
