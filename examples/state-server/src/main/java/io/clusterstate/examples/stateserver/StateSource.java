package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;

/** What is served: a view, and what the process that keeps it has to say. */
interface StateSource extends AutoCloseable {

    /** Begins; the view is ready later. */
    void start();

    ClusterStateView view();

    /**
     * What this process is to others: {@code SOLE}, {@code STANDBY}, {@code LEADER}, {@code FOLLOWER} or
     * {@code READER}.
     */
    String role();

    /** In words, what is wrong; empty if nothing is. */
    List<String> problems();

    /** Writes what is known of how it works. */
    void writeStatus(Fields fields) throws IOException;

    void bindTo(MeterRegistry registry);

    /** Ends within seconds; nothing is thrown. */
    @Override
    void close();
}
