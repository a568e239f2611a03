package io.clusterstate;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * The order of instances by the strategies of a placement.
 *
 * @param ranks the rank of an instance by each strategy; lower is better
 */
record PlacementOrder(List<ToLongFunction<Observed<ContainerInstance>>> ranks) {

    /** An instance with its ranks. */
    static final class Place implements Comparable<Place> {

        private final Observed<ContainerInstance> instance;
        private final long[] ranks;

        private Place(Observed<ContainerInstance> instance, long[] ranks) {
            this.instance = instance;
            this.ranks = ranks;
        }

        Observed<ContainerInstance> instance() {
            return instance;
        }

        /** Whether the strategies prefer neither of two instances. */
        boolean isLike(Place other) {
            return Arrays.equals(ranks, other.ranks);
        }

        @Override
        public int compareTo(Place other) {
            int byRank = Arrays.compare(ranks, other.ranks);
            return byRank != 0 ? byRank : instance.arn().compareTo(other.instance.arn());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Place place && compareTo(place) == 0;
        }

        @Override
        public int hashCode() {
            return instance.arn().hashCode();
        }
    }

    Place place(Observed<ContainerInstance> instance) {
        return new Place(
                instance,
                ranks.stream().mapToLong(rank -> rank.applyAsLong(instance)).toArray());
    }
}
