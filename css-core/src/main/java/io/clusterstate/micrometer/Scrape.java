package io.clusterstate.micrometer;

import io.clusterstate.EntityKind;
import io.clusterstate.LoopStatus;
import io.clusterstate.NotReadyException;
import io.clusterstate.Snapshot;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.MirrorStatus;
import java.util.Map;

/**
 * The values behind all meters of a scrape. It holds numbers and no snapshot, so that no snapshot outlives the scrape.
 *
 * @param status the mirror's status
 * @param isReady whether the view answered
 * @param revision the revision of the view's snapshot; NaN if the view did not answer
 * @param entities the number of entities by kind; empty if the view did not answer
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

    /** Counts without a walk, since no query has a step. */
    private static Map<EntityKind<?>, Integer> counts(Snapshot snapshot) {
        return Map.of(
                EntityKind.TASK, snapshot.tasks().count(),
                EntityKind.INSTANCE, snapshot.instances().count(),
                EntityKind.SERVICE, snapshot.services().count(),
                EntityKind.CLUSTER, snapshot.clusters().count(),
                EntityKind.TASK_DEFINITION, snapshot.definitions().count());
    }
}
