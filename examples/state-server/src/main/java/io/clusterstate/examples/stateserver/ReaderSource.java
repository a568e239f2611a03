package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.micrometer.ViewMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.util.List;

/** A source that reads the state which others write to etcd. */
record ReaderSource(EtcdStateReader reader) implements StateSource {

    @Override
    public void start() {
        reader.start();
    }

    @Override
    public ClusterStateView view() {
        return reader.view();
    }

    @Override
    public String role() {
        return "READER";
    }

    @Override
    public List<String> problems() {
        return reader.problems();
    }

    @Override
    public void writeStatus(Fields fields) throws IOException {
        fields.text("phase", view().isReady() ? "READY" : "LOADING")
                .text("role", role())
                .texts("problems", problems())
                .list("loops", reader.loops(), MirrorSource::writeLoop)
                .number("subscriptions", reader.subscriptions().size());
    }

    @Override
    public void bindTo(MeterRegistry registry, Tags tags) {
        ViewMetrics.of(reader.view()).withTags(tags).bindTo(registry);
    }

    @Override
    public void close() {
        reader.close();
    }
}
