package io.clusterstate.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.CompositeView;
import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.simulator.Simulator;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The meters of a view, which a reader has without a mirror. */
class ViewMetricsTest {

    private final MirroredEcs ecs =
            MirroredEcs.of(Simulator.builder().seed(11).clusters(2).tasks(40), builder -> {});
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void end() {
        ecs.close();
    }

    @Test
    void everyRegistryHasTheEntitiesByClusterKindAndStatus() throws Exception {
        MeterRegistry second = new SimpleMeterRegistry();
        ViewMetrics metrics = ViewMetrics.of(ecs.view()).withTags(Tags.of("region", "r1"));
        metrics.bindTo(registry);
        metrics.bindTo(second);
        ecs.ready();

        scrape(registry);

        for (MeterRegistry each : List.of(registry, second)) {
            Gauge running = each.get("css.entities")
                    .tags("cluster", "default", "kind", "task", "status", "RUNNING", "region", "r1")
                    .gauge();
            assertEquals(ecs.snapshot().tasks().in("default").status("RUNNING").count(), running.value());
        }
        assertEquals(1, registry.get("css.ready").gauge().value());
    }

    @Test
    void aViewThatHasEndedIsNotReadyAndCountsNothing() throws Exception {
        ecs.ready();
        ViewMetrics.of(ecs.view()).bindTo(registry);
        scrape(registry);
        ecs.mirror().close();

        MeterRegistry after = new SimpleMeterRegistry();
        ViewMetrics.of(ecs.view()).bindTo(after);
        scrape(after);

        assertEquals(0, after.get("css.ready").gauge().value());
        assertEquals(Double.NaN, after.get("css.revision").gauge().value());
        assertTrue(after.find("css.entities").gauges().isEmpty());
    }

    private static void scrape(MeterRegistry registry) {
        registry.getMeters().forEach(meter -> meter.measure().forEach(Measurement::getValue));
    }

    @Test
    void aCompositeViewHasNoRevision() throws Exception {
        ecs.ready();
        ViewMetrics.of(CompositeView.of(Map.of("eu", ecs.view()))).bindTo(registry);

        scrape(registry);

        assertEquals(1, registry.get("css.ready").gauge().value());
        assertTrue(registry.find("css.revision").meters().isEmpty());
        assertFalse(registry.find("css.entities").meters().isEmpty());
    }
}
