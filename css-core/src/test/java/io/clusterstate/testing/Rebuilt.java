package io.clusterstate.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.ChangeBatch;
import io.clusterstate.EntityChange;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A map of entities, rebuilt only from the batches that a subscriber is told. It fails on a batch that does not fit.
 */
public final class Rebuilt {

    private final Map<String, Observed<?>> map = new HashMap<>();
    private long revision;

    public Rebuilt() {}

    /** Creates a map with the entities of a snapshot. */
    public Rebuilt(Snapshot known) {
        map.putAll(entitiesOf(known));
        revision = known.revision();
    }

    public synchronized void enter(ChangeBatch batch) {
        batch.changes().forEach(change -> enter(change, batch));
        reached(batch);
    }

    public synchronized void enter(EntityChange<?> change, ChangeBatch batch) {
        assertSame(map.get(change.arn()), change.before(), () -> "before: " + change + " of " + batch);
        if (change.after() == null) {
            map.remove(change.arn());
        } else {
            map.put(change.arn(), change.after());
        }
    }

    /** Notes that the subscriber has handled a batch. */
    public synchronized void reached(ChangeBatch batch) {
        revision = batch.revision();
    }

    /** Starts again from a reset. */
    public synchronized void become(ChangeBatch reset) {
        map.clear();
        map.putAll(entitiesOf(reset.snapshot()));
        reached(reset);
    }

    public synchronized long revision() {
        return revision;
    }

    public synchronized void assertIs(Snapshot snapshot) {
        assertEquals(entitiesOf(snapshot), map);
    }

    public synchronized boolean holds(Map<String, ? extends Observed<?>> entities) {
        return map.equals(entities);
    }

    public static Map<String, Observed<?>> entitiesOf(Snapshot snapshot) {
        Map<String, Observed<?>> entities = new HashMap<>();
        Stream.of(snapshot.tasks(), snapshot.instances(), snapshot.services(), snapshot.clusters())
                .flatMap(query -> query.observed())
                .forEach(each -> entities.put(each.arn(), each));
        return entities;
    }
}
