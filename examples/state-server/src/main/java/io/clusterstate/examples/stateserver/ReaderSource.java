package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.StoreLink;
import io.clusterstate.etcd.EtcdStateReader;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("css.ready", this, source -> source.view().isReady() ? 1 : 0)
                .description("1 when the view can be read")
                .register(registry);
        Gauge.builder("css.store.link.live", this, source -> link(source) == StoreLink.State.LIVE ? 1 : 0)
                .description("1 while writes of others to the store arrive")
                .register(registry);
    }

    private static StoreLink.State link(ReaderSource source) {
        return source.view().freshness().link().state();
    }

    @Override
    public void close() {
        reader.close();
    }
}
