package io.clusterstate.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.client.ViewEcsClient;
import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.simulator.Simulator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** The counts of a client over a view, in a registry. */
class ViewClientMetricsTest {

    @Test
    void countsWhatTheViewAnsweredAndWhatWentToEcs() throws Exception {
        try (MirroredEcs mirrored =
                MirroredEcs.of(Simulator.builder().clusters(1).tasks(5)).ready()) {
            ViewEcsClient client =
                    ViewEcsClient.over(mirrored.view(), mirrored.world().ecs()).build();
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            ViewClientMetrics.of(client).bindTo(registry);
            client.listTasks();
            client.listTasks();
            client.listClusters();

            assertEquals(2, count(registry, "css.client.local", "operation", "ListTasks"));
            assertEquals(0, count(registry, "css.client.local", "operation", "ListClusters"));
            assertEquals(1, count(registry, "css.client.delegated", "reason", "unknown"));
            assertEquals(0, count(registry, "css.client.delegated", "reason", "own_write"));
        }
    }

    private static double count(SimpleMeterRegistry registry, String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }
}
