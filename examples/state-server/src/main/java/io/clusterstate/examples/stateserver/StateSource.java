package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.mirror.MirrorPlace;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A view to serve, and the status of the process that keeps it. */
interface StateSource extends AutoCloseable {

    /** Starts the source; the view becomes ready later. */
    void start();

    ClusterStateView view();

    /** The role of this process: {@code SOLE}, {@code STANDBY}, {@code LEADER}, {@code FOLLOWER} or {@code READER}. */
    String role();

    /** The current problems as texts; empty if there are none. */
    List<String> problems();

    /** Writes the status. */
    void writeStatus(Fields fields) throws IOException;

    /** Registers the meters, with these tags on each. */
    void bindTo(MeterRegistry registry, Tags tags);

    /** The sources of the places, in their order; empty if there are no several. */
    default Map<MirrorPlace, StateSource> places() {
        return Map.of();
    }

    /** Ends within seconds and throws nothing. */
    @Override
    void close();
}
