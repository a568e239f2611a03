package io.clusterstate.micrometer;

import io.clusterstate.EntityKind;
import io.clusterstate.LoopStatus;
import io.clusterstate.NotReadyException;
import io.clusterstate.Snapshot;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.MirrorStatus;
import java.util.Map;

/**
 * What all meters of one scrape are read from. Holds numbers and no snapshot, so that none is kept from one scrape to
 * the next.
 *
 * @param status the mirror's
 * @param isReady whether the view answered
 * @param revision of the view's snapshot; NaN if it did not answer
 * @param entities how many are in that snapshot; empty if it did not answer
 */
record Scrape(MirrorStatus status, boolean isReady, double revision, Map<EntityKind<?>, Integer> entities) {

    static Scrape of(ClusterMirror mirror) {
        MirrorStatus status = mirror.status();
        try {
            Snapshot snapshot = mirror.view().snapshot();
            return new Scrape(status, true, snapshot.revision(), counts(snapshot));
        } catch (NotReadyException e) {
            return new Scrape(status, false, Double.NaN, Map.of());
        }
    }

    double entities(EntityKind<?> kind) {
        Integer count = entities.get(kind);
        return count == null ? Double.NaN : count;
    }

    long loops(LoopStatus.State state) {
        return status.loops().stream().filter(loop -> loop.state() == state).count();
    }

    /** Without any walk: questions that nothing narrows. */
    private static Map<EntityKind<?>, Integer> counts(Snapshot snapshot) {
        return Map.of(
                EntityKind.TASK, snapshot.tasks().count(),
                EntityKind.INSTANCE, snapshot.instances().count(),
                EntityKind.SERVICE, snapshot.services().count(),
                EntityKind.CLUSTER, snapshot.clusters().count());
    }
}
