package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.LoopStatus;
import io.clusterstate.micrometer.MirrorMetrics;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.mirror.ReconcileReport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A source that is a mirror in this process. */
record MirrorSource(ClusterMirror mirror) implements StateSource {

    @Override
    public void start() {
        mirror.start();
    }

    @Override
    public ClusterStateView view() {
        return mirror.view();
    }

    @Override
    public String role() {
        return mirror.status().role().name();
    }

    @Override
    public List<String> problems() {
        return mirror.status().problems();
    }

    @Override
    public void writeStatus(Fields fields) throws IOException {
        MirrorStatus status = mirror.status();
        fields.text("phase", status.phase().name())
                .text("role", status.role().name())
                .text("failure", status.failure().orElse(null))
                .texts("problems", status.problems())
                .object("deliveries", status.deliveries(), MirrorSource::writeCounts)
                .object("changes", status.changes(), MirrorSource::writeCounts)
                .list("loops", status.loops(), MirrorSource::writeLoop)
                .list("reconciles", status.reconciles().entrySet(), MirrorSource::writeReconcile)
                .number("subscriptions", status.subscriptions().size());
    }

    private static void writeCounts(Fields fields, Map<? extends Enum<?>, Long> counts) throws IOException {
        for (Map.Entry<? extends Enum<?>, Long> count : counts.entrySet()) {
            fields.number(count.getKey().name(), count.getValue());
        }
    }

    static void writeLoop(Fields fields, LoopStatus loop) throws IOException {
        fields.text("name", loop.name())
                .text("state", loop.state().name())
                .moment("lastBeat", loop.lastBeat().orElse(null))
                .number("failuresInARow", loop.failuresInARow())
                .text("lastFailure", loop.lastFailure().orElse(null))
                .number("restarts", loop.restarts());
    }

    private static void writeReconcile(Fields fields, Map.Entry<String, ReconcileReport> reconcile) throws IOException {
        fields.text("clusterARN", reconcile.getKey())
                .flag("complete", reconcile.getValue().isComplete())
                .text("report", reconcile.getValue().toString());
    }

    @Override
    public void bindTo(MeterRegistry registry, Tags tags) {
        MirrorMetrics.of(mirror).withTags(tags).bindTo(registry);
    }

    @Override
    public void close() {
        mirror.close();
    }
}
