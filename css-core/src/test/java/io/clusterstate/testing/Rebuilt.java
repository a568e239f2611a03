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

/** A map of entities that is made from nothing but what one subscriber is told, and complains of what does not fit. */
public final class Rebuilt {

    private final Map<String, Observed<?>> map = new HashMap<>();
    private long revision;

    public Rebuilt() {}

    /** Begins with what is known at a snapshot. */
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

    /** A batch was told to its end. */
    public synchronized void reached(ChangeBatch batch) {
        revision = batch.revision();
    }

    /** Begins anew. */
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
