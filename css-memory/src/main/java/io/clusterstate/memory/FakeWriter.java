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
 * Writes to a fake's store as a mirror would, each change at a version and a moment of its own.
 *
 * <p>Thread: safe for any thread; a writer waits while another write is in flight.
 */
final class FakeWriter {

    private final StateStore store;
    private final FakeTime time;
    private final Consumer<String> clusters;
    /** The highest version of each ARN so far; an entity that is put after its removal continues from there. */
    private final Map<String, Long> versions = new HashMap<>();

    private final FakeEcsState ecs;

    /**
     * A writer.
     *
     * @param clusters the recipient of each written entity's cluster ARN
     */
    FakeWriter(StateStore store, FakeTime time, Consumer<String> clusters) {
        this.store = store;
        this.time = time;
        this.clusters = clusters;
        this.ecs = new FakeEcsState(this, time);
    }

    /** The state of ECS behind the view. It holds all that is put; this writer is its lock. */
    FakeEcsState ecs() {
        return ecs;
    }

    /** Puts a value as the next version of its entity; returns the stored value. */
    synchronized <T> T put(EntityKind<T> kind, String clusterArn, T value) {
        String arn = kind.arnOf(value);
        Optional<T> before = store.snapshot().observed(kind, arn).map(Observed::value);
        long version = Math.max(kind.versionOf(value), versions.getOrDefault(arn, 0L) + 1);
        T stamped = FakeStamp.put(value, before, version, time.instant());
        T put = stored(kind, kind.versionOf(stamped), upsert(observed(kind, clusterArn, stamped)));
        ecs.accept(kind, clusterArn, put);
        return put;
    }

    /** Takes the next version of an entity for a change in ECS that the view does not show yet. */
    synchronized <T> long nextVersion(EntityKind<T> kind, T value) {
        return versions.merge(kind.arnOf(value), 1L, Long::sum);
    }

    /** Shows the view a value at its own version, with the fields that only the API reports. */
    synchronized <T> Outcome report(EntityKind<T> kind, String clusterArn, T value) {
        return upsert(observed(kind, clusterArn, value)).outcome();
    }

    synchronized <T> T change(EntityKind<T> kind, String arn, UnaryOperator<T> change) {
        Observed<T> present = store.snapshot()
                .observed(kind, arn)
                .orElseThrow(() -> unknown(arn, "the ARN of a " + kind + " in the fake"));
        T changed = change.apply(present.value());
        if (!kind.arnOf(changed).equals(present.arn())) {
            throw unknown(kind.arnOf(changed), "unchanged, " + present.arn());
        }
        return put(kind, present.clusterArn(), changed);
    }

    /** Removes an entity from the view; returns its ARN. */
    synchronized String remove(String arn) {
        Observed<?> present = EntityKind.all().stream()
                .<Observed<?>>flatMap(kind -> store.snapshot().observed(kind, arn).stream())
                .findFirst()
                .orElseThrow(() -> unknown(arn, "the ARN of an entity in the fake"));
        apply(Removal.of(present, time.moment(), Removal.Reason.MISSING));
        return present.arn();
    }

    /** Delivers a value at its own version, as an event: without the fields that only the API reports. */
    synchronized <T> Outcome deliver(EntityKind<T> kind, String clusterArn, T value) {
        if (kind.versionOf(value) < 1) {
            throw new IllegalArgumentException(
                    "version: " + kind.versionOf(value) + " (expected: 1 or more, as an event has)");
        }
        T event = ApiOnlyFields.clear(kind, value);
        return upsert(Observed.of(kind, clusterArn, event, Origin.EVENT, time.moment()))
                .outcome();
    }

    synchronized void expire() {
        store.expire();
    }

    /** A value as an event and the API report it together; as the API alone, for kinds without events. */
    private <T> Observed<T> observed(EntityKind<T> kind, String clusterArn, T value) {
        Instant moment = time.moment();
        return kind == EntityKind.TASK || kind == EntityKind.INSTANCE
                ? Observed.of(kind, clusterArn, value, Origin.EVENT, moment).describedAs(value, moment)
                : Observed.of(kind, clusterArn, value, Origin.DESCRIBE, moment);
    }

    private <T> Applied upsert(Observed<T> observed) {
        if (observed.kind() != EntityKind.TASK_DEFINITION) {
            clusters.accept(observed.clusterArn());
        }
        versions.merge(observed.arn(), observed.version(), Math::max);
        return apply(new Upsert<>(observed));
    }

    private Applied apply(Change<?> change) {
        return store.apply(List.of(change)).get(0);
    }

    private static <T> T stored(EntityKind<T> kind, long version, Applied applied) {
        Observed<?> after = applied.after();
        if (after == null || after.version() != version) {
            throw new IllegalStateException(applied.change().arn() + ": " + applied.outcome() + " at version " + version
                    + " (expected: stored; a stopped task cannot run again,"
                    + " and an entity whose end is an hour old is not kept)");
        }
        return kind.type().cast(after.value());
    }

    private static IllegalArgumentException unknown(String arn, String expected) {
        return new IllegalArgumentException("arn: " + arn + " (expected: " + expected + ")");
    }
}
