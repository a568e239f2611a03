package io.clusterstate.spi.contract;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Any order, batching and duplication of the same changes leads to the same state (promise 12). */
abstract class OrderChapter extends StoreChapter {

    /** Side by side, since a store may wait for its server most of the time. */
    private static final int RUNS = 5;

    private static final int ORDERS = 5;
    private static final int ORDERS_TO_SHRINK = 40;
    private static final int LARGEST_BATCH = 7;

    private final int histories;

    OrderChapter(StoreFactory factory, int histories) {
        super(factory);
        this.histories = histories;
    }

    @RepeatedTest(RUNS)
    @Execution(ExecutionMode.CONCURRENT)
    @Tag("soak")
    @Promise({1, 3, 12})
    void anyOrderAndAnyDuplicationEndTheSame() {
        Seeds.forEach(histories / RUNS, random -> {
            List<Change<?>> history = History.of(random);
            long orders = random.nextLong();
            difference(history, new Random(orders), ORDERS).ifPresent(difference -> {
                List<Change<?>> shortest =
                        Shrinker.shrink(history, shorter -> difference(shorter, new Random(orders), ORDERS_TO_SHRINK)
                                .isPresent());
                throw new AssertionError(difference(shortest, new Random(orders), ORDERS_TO_SHRINK)
                        .orElse(difference));
            });
        });
    }

    /** The difference between the final states of some orders, or from the expected state; empty if there is none. */
    private Optional<String> difference(List<Change<?>> history, Random random, int orders) {
        List<List<Change<?>>> asMade = history.stream().map(List::<Change<?>>of).toList();
        Map<String, List<Change<?>>> byArn =
                history.stream().collect(Collectors.groupingBy(Change::arn, LinkedHashMap::new, Collectors.toList()));
        Map<String, List<Object>> first = end(asMade, byArn);
        for (Map.Entry<String, List<Change<?>>> each : byArn.entrySet()) {
            Object standing =
                    History.standing(each.getValue()).map(OrderChapter::outline).orElse("absent");
            if (!first.get(each.getKey()).get(0).equals(standing)) {
                return Optional.of(text(asMade) + "\nends as " + first + "\nexpected " + standing);
            }
        }
        for (int i = 0; i < orders; i++) {
            List<List<Change<?>>> batches = shuffled(history, random);
            Map<String, List<Object>> other = end(batches, byArn);
            if (!first.equals(other)) {
                return Optional.of(text(asMade) + "\nends as " + first + "\nbut" + text(batches) + "\nas " + other);
            }
        }
        return Optional.empty();
    }

    /** Shuffles a history into batches of any size, with some changes repeated. */
    private static List<List<Change<?>>> shuffled(List<Change<?>> history, Random random) {
        List<Change<?>> all = new ArrayList<>(history);
        history.stream()
                .filter(change -> random.nextInt(3) == 0)
                .map(change -> deliveredAgain(change, random))
                .forEach(all::add);
        Collections.shuffle(all, random);
        List<List<Change<?>>> batches = new ArrayList<>();
        for (int from = 0;
                from < all.size();
                from += batches.get(batches.size() - 1).size()) {
            batches.add(all.subList(from, Math.min(all.size(), from + 1 + random.nextInt(LARGEST_BATCH))));
        }
        return batches;
    }

    /** A second delivery of a change: an event has another time of receipt, an API answer is the same. */
    private static Change<?> deliveredAgain(Change<?> change, Random random) {
        return change instanceof Upsert<?> upsert && !upsert.observed().origin().isApi()
                ? SampleChanges.received(upsert, random.nextInt(History.MOMENTS))
                : change;
    }

    /**
     * For each ARN: the final value, the value after applying everything again, and the changes that would revive it.
     */
    private Map<String, List<Object>> end(List<List<Change<?>>> batches, Map<String, List<Change<?>>> byArn) {
        Map<String, List<Object>> ends = new LinkedHashMap<>();
        try (StateStore fresh = newStore()) {
            batches.forEach(fresh::apply);
            byArn.forEach((arn, own) -> {
                boolean isRemoved = own.stream().anyMatch(Removal.class::isInstance);
                Snapshot once = fresh.snapshot();
                fresh.apply(own);
                Snapshot again = fresh.snapshot();
                EntityKind<?> kind = own.get(0).kind();
                ends.put(
                        arn,
                        List.of(
                                shown(once, kind, arn, false),
                                shown(once, kind, arn, !isRemoved),
                                shown(again, kind, arn, true),
                                again.observed(kind, arn).isPresent() ? "" : revivals(fresh, own)));
            });
        }
        return ends;
    }

    /** The outcomes of API answers from about the times of the removals' proofs. */
    private static List<Outcome> revivals(StateStore store, List<Change<?>> own) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Change<?> change : own) {
            for (Change<?> other : own) {
                if (change instanceof Upsert<?> upsert && other instanceof Removal<?> removal) {
                    outcomes.addAll(outcomes(store.apply(List.of(again(upsert, removal, 0)))));
                    outcomes.addAll(outcomes(store.apply(List.of(again(upsert, removal, 1)))));
                }
            }
        }
        return outcomes;
    }

    private static <T> Upsert<T> again(Upsert<T> upsert, Removal<?> removal, long seconds) {
        return Upsert.of(
                upsert.kind(),
                removal.clusterArn(),
                upsert.observed().value(),
                Origin.DESCRIBE,
                removal.at().plusSeconds(seconds));
    }

    private static Object shown(Snapshot snapshot, EntityKind<?> kind, String arn, boolean inFull) {
        Observed<?> observed = snapshot.observed(kind, arn).orElse(null);
        if (observed == null) {
            return "absent";
        }
        return inFull ? List.of(observed.value(), observed.describedAt()) : outline(observed);
    }

    /** An entity without API-only fields, which a removal drops, and without the time of an event's receipt. */
    private static Object outline(Observed<?> observed) {
        return List.of(
                SampleChanges.core(observed),
                observed.origin(),
                observed.origin().isApi() ? observed.observedAt() : "received");
    }

    private static String text(List<List<Change<?>>> batches) {
        return batches.stream()
                .map(batch -> batch.stream().map(OrderChapter::text).collect(Collectors.joining("\n  ")))
                .collect(Collectors.joining("\n- ", "\n- ", ""));
    }

    private static String text(Change<?> change) {
        return change instanceof Upsert<?> upsert ? upsert.observed().toString() : change.toString();
    }
}
