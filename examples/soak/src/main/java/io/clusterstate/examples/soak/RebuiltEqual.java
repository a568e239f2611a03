package io.clusterstate.examples.soak;

import io.clusterstate.ChangeBatch;
import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Promise 9: a map that a listener fills from its changes equals the view. Each change has to continue the map, and
 * about once a second the whole map is compared with the snapshot of the batch.
 */
final class RebuiltEqual extends Law {

    private static final long EVERY = Duration.ofSeconds(1).toNanos();

    private final Map<String, Observed<?>> map = new HashMap<>();
    private long revision = -1;
    private long lastComparison = System.nanoTime() - EVERY;

    RebuiltEqual(String where, Findings findings) {
        super(where, findings);
    }

    @Override
    void batch(ChangeBatch batch) {
        require(
                batch.revision() >= revision || batch.type() == ChangeBatch.Type.RESET,
                () -> batch + " (expected: a revision after " + revision + ")");
        revision = batch.revision();
        batch.changes().forEach(this::enter);
        if (batch.type() != ChangeBatch.Type.LIVE || System.nanoTime() - lastComparison >= EVERY) {
            lastComparison = System.nanoTime();
            Map<String, Observed<?>> expected = entitiesOf(batch.snapshot());
            require(map.equals(expected), () -> batch + ": " + difference(expected));
        }
    }

    private void enter(EntityChange<?> change) {
        Observed<?> known = map.get(change.arn());
        require(
                known == change.before(),
                () -> change + " from " + change.before() + " (expected: from " + known + ", as the listener has it)");
        if (change.after() == null) {
            map.remove(change.arn());
        } else {
            map.put(change.arn(), change.after());
        }
    }

    private String difference(Map<String, Observed<?>> expected) {
        StringBuilder words = new StringBuilder();
        expected.forEach((arn, value) -> {
            if (!value.equals(map.get(arn))) {
                words.append("; the snapshot has ")
                        .append(value)
                        .append(", the map ")
                        .append(map.get(arn));
            }
        });
        map.forEach((arn, value) -> {
            if (!expected.containsKey(arn)) {
                words.append("; the map alone has ").append(value);
            }
        });
        return words.toString();
    }

    private static Map<String, Observed<?>> entitiesOf(Snapshot snapshot) {
        Map<String, Observed<?>> entities = new HashMap<>();
        for (EntityKind<?> kind : EntityKind.all()) {
            snapshot.query(kind).observed().forEach(each -> entities.put(each.arn(), each));
        }
        return entities;
    }
}
