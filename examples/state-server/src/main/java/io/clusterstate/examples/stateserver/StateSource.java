package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;

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

    void bindTo(MeterRegistry registry);

    /** Ends within seconds and throws nothing. */
    @Override
    void close();
}
