package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.spi.ApiOnlyFields;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Writes to a fake's store as ECS would have it: each change at a version and a moment of its own.
 *
 * <p>Thread: safe for any thread; writers take turns.
 */
final class FakeWriter {

    private final StateStore store;
    private final FakeTime time;
    private final Consumer<String> clusters;
    /** The highest that was ever told, by ARN: what is put after its removal goes on from there. */
    private final Map<String, Long> versions = new HashMap<>();

    /**
     * A writer.
     *
     * @param clusters told the ARN of each cluster that is written of
     */
    FakeWriter(StateStore store, FakeTime time, Consumer<String> clusters) {
        this.store = store;
        this.time = time;
        this.clusters = clusters;
    }

    /** Takes a value in as the next version of its entity; returns it as it is kept. */
    synchronized <T> T put(EntityKind<T> kind, String clusterArn, T value) {
        String arn = kind.arnOf(value);
        Optional<T> before = store.snapshot().observed(kind, arn).map(Observed::value);
        long version = Math.max(kind.versionOf(value), versions.getOrDefault(arn, 0L) + 1);
        T stamped = FakeStamp.put(value, before, version, time.instant());
        return kept(kind, kind.versionOf(stamped), tell(whole(kind, clusterArn, stamped)));
    }

    synchronized <T> T change(EntityKind<T> kind, String arn, UnaryOperator<T> change) {
        Observed<T> present = store.snapshot()
                .observed(kind, arn)
                .orElseThrow(() -> unknown(arn, "the ARN of a " + kind + " that is there"));
        T changed = change.apply(present.value());
        if (!kind.arnOf(changed).equals(arn)) {
            throw unknown(kind.arnOf(changed), "unchanged, " + arn);
        }
        return put(kind, present.clusterArn(), changed);
    }

    synchronized void remove(String arn) {
        Observed<?> present = EntityKind.all().stream()
                .<Observed<?>>flatMap(kind -> store.snapshot().observed(kind, arn).stream())
                .findFirst()
                .orElseThrow(() -> unknown(arn, "the ARN of something that is there"));
        apply(Removal.of(present, time.moment(), Removal.Reason.MISSING));
    }

    /** Takes a value in at its own version, and of it what an event carries. */
    synchronized <T> Outcome deliver(EntityKind<T> kind, String clusterArn, T value) {
        if (kind.versionOf(value) < 1) {
            throw new IllegalArgumentException(
                    "version: " + kind.versionOf(value) + " (expected: 1 or more, as an event has)");
        }
        T carried = ApiOnlyFields.clear(kind, value);
        return tell(Observed.of(kind, clusterArn, carried, Origin.EVENT, time.moment()))
                .outcome();
    }

    synchronized void expire() {
        store.expire();
    }

    /** As an event and the API's answer after it tell of it together, where there are events. */
    private <T> Observed<T> whole(EntityKind<T> kind, String clusterArn, T value) {
        Instant moment = time.moment();
        return kind == EntityKind.TASK || kind == EntityKind.INSTANCE
                ? Observed.of(kind, clusterArn, value, Origin.EVENT, moment).describedAs(value, moment)
                : Observed.of(kind, clusterArn, value, Origin.DESCRIBE, moment);
    }

    private <T> Applied tell(Observed<T> told) {
        clusters.accept(told.clusterArn());
        versions.merge(told.arn(), told.version(), Math::max);
        return apply(new Upsert<>(told));
    }

    private Applied apply(Change<?> change) {
        return store.apply(List.of(change)).get(0);
    }

    private static <T> T kept(EntityKind<T> kind, long version, Applied applied) {
        Observed<?> after = applied.after();
        if (after == null || after.version() != version) {
            throw new IllegalStateException(applied.change().arn() + ": " + applied.outcome() + " at version " + version
                    + " (expected: taken in; what stopped does not run again, what ended long ago is not kept)");
        }
        return kind.type().cast(after.value());
    }

    private static IllegalArgumentException unknown(String arn, String expected) {
        return new IllegalArgumentException("arn: " + arn + " (expected: " + expected + ")");
    }
}
