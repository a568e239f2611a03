package io.clusterstate.examples.stateserver;

import io.clusterstate.EntityKind;
import io.clusterstate.mirror.MirrorPlace;
import io.clusterstate.testing.Entities;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Task;

/** Held states of two Regions, each with a cluster of the same name. */
final class TwoRegions implements AutoCloseable {

    static final String EU = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod";
    static final String US = "arn:aws:ecs:us-east-1:123456789012:cluster/prod";

    final Held eu = new Held();
    final Held us = new Held();
    final StateSource source;

    TwoRegions() {
        Map<MirrorPlace, Held> places = new LinkedHashMap<>();
        places.put(MirrorPlace.of("eu-west-1"), eu);
        places.put(MirrorPlace.of("us-east-1"), us);
        this.source = SeveralSources.of(places);
        eu.put(EntityKind.CLUSTER, EU, Entities.cluster(EU));
        us.put(EntityKind.CLUSTER, US, Entities.cluster(US));
    }

    long putEu(Task task) {
        return eu.put(EntityKind.TASK, EU, task);
    }

    long putUs(Task task) {
        return us.put(EntityKind.TASK, US, task);
    }

    /** The present revisions, as clients see them. */
    String revisions() {
        return "eu-west-1:" + eu.store().snapshot().revision() + ",us-east-1:"
                + us.store().snapshot().revision();
    }

    @Override
    public void close() {
        source.close();
    }
}
