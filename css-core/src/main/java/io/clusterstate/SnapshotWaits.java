package io.clusterstate;

import io.clusterstate.internal.composite.MergedSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waits of a composite view for whole snapshots. Each lasts while a needed member is not ready, and fails once one
 * has ended.
 *
 * <p>Thread: safe for any thread.
 */
final class SnapshotWaits {

    private final CompositeMembers members;
    private final CompositeWaits waits;

    SnapshotWaits(CompositeMembers members, CompositeWaits waits) {
        this.members = members;
        this.waits = waits;
    }

    CompositeSnapshot awaitReady(Duration limit) throws TimeoutException, InterruptedException {
        return await("not ready", limit, now -> true, now -> "");
    }

    /** Waits for revisions of members, each of which is needed. */
    CompositeSnapshot awaitRevisions(Map<String, Long> revisions, Duration limit)
            throws TimeoutException, InterruptedException {
        return await("not at revisions " + revisions, limit, now -> isAt(now, revisions), now -> now.revisions()
                .toString());
    }

    private static boolean isAt(CompositeSnapshot now, Map<String, Long> revisions) {
        return revisions.entrySet().stream()
                .allMatch(each -> now.revisions().getOrDefault(each.getKey(), -1L) >= each.getValue());
    }

    CompositeSnapshot awaitCurrent(Duration limit) throws TimeoutException, InterruptedException {
        long deadline = Signal.after(limit);
        for (CompositeMember each : members.list()) {
            if (each.isRequired() || each.view().isReady()) {
                each.awaitCurrent(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        }
        return members.requireReady(members.take());
    }

    CompositeSnapshot awaitFresh(Instant upTo, Duration limit) throws TimeoutException, InterruptedException {
        return await(
                "not fresh up to " + upTo,
                limit,
                now -> StoreView.isFresh(now, upTo),
                now -> "fresh up to " + upTo(now.members()));
    }

    private static Map<String, String> upTo(Map<String, Snapshot> snapshots) {
        Map<String, String> moments = new LinkedHashMap<>();
        snapshots.forEach((name, snapshot) -> moments.put(
                name, snapshot.freshness().freshUpTo().map(Instant::toString).orElse("nothing yet")));
        return moments;
    }

    CompositeSnapshot awaitUntil(Predicate<? super Snapshot> condition, Duration limit)
            throws TimeoutException, InterruptedException {
        return await("the condition does not hold", limit, condition, CompositeSnapshot::toString);
    }

    private CompositeSnapshot await(
            String missing,
            Duration limit,
            Predicate<? super CompositeSnapshot> test,
            Function<CompositeSnapshot, String> state)
            throws TimeoutException, InterruptedException {
        return waits.await(
                new CompositeWaits.Condition<CompositeSnapshot>() {
                    @Override
                    public @Nullable CompositeSnapshot test() {
                        MergedSnapshot now = members.take();
                        return members.isReady(now) && test.test(now) ? now : null;
                    }

                    @Override
                    public @Nullable NotReadyException end() {
                        return members.end();
                    }

                    @Override
                    public String missing() {
                        return missing;
                    }

                    @Override
                    public String state() {
                        MergedSnapshot now = members.take();
                        return members.isReady(now) ? state.apply(now) : members.waitsFor();
                    }
                },
                limit);
    }
}
