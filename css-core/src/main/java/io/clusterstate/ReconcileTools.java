package io.clusterstate;

import io.clusterstate.internal.loop.Surroundings;
import io.clusterstate.spi.Sharing;
import io.clusterstate.spi.StateStore;
import java.time.Duration;
import java.util.List;

/**
 * What a pass works with.
 *
 * @param store where what it finds is applied
 * @param api the door to ECS
 * @param crew describes pages beside the pass
 * @param kinds of what lives in a cluster, those that are followed; instances before tasks, which name them
 * @param allowance how far behind itself the ECS API may answer
 * @param sharing what others do on the same store
 * @param freshness where it is written what a pass has confirmed
 * @param surroundings clock, threads and dice
 */
record ReconcileTools(
        StateStore store,
        EcsApi api,
        Crew crew,
        List<EntityKind<?>> kinds,
        Duration allowance,
        Sharing sharing,
        FreshnessBook freshness,
        Surroundings surroundings) {}
