package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.micrometer.MirrorMetrics;
import io.clusterstate.simulator.Simulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The meters of many mirrors in one registry. */
class MirrorsMetricsTest {

    private final SimulatedPlaces world = new SimulatedPlaces();
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void eachPlaceHasItsOwnMetersByItsName() throws Exception {
        Mirrors mirrors = world.mirrors(builder -> {});
        MirrorMetrics.of(mirrors).withTags(Tags.of("stage", "test")).bindTo(registry);
        mirrors.start();
        mirrors.view().awaitReady(MirroredEcs.LIMIT);

        for (MirrorPlace place : world.places()) {
            await(() -> gauge("css.ready", place) == 1);
            assertEquals(2, clusters(place));
        }
        assertEquals(mirrors.mirrors().keySet(), places("css.leader"));
        assertTrue(registry.getMeters().stream()
                .allMatch(meter -> "test".equals(meter.getId().getTag("stage"))));
    }

    /** Otherwise the lag would be recorded twice, and so would look like twice the events. */
    @Test
    void mirrorsThatAreBoundTwiceCountOnce() throws Exception {
        Mirrors mirrors = world.mirrors(builder -> {});
        MirrorMetrics.of(mirrors).bindTo(registry);
        MirrorMetrics.of(mirrors).bindTo(registry);
        MeterRegistry second = new SimpleMeterRegistry();
        MirrorMetrics.of(mirrors).bindTo(second);
        mirrors.start();
        mirrors.view().awaitReady(MirroredEcs.LIMIT);
        MirrorPlace place = world.places().get(0);
        Simulator simulator = world.simulator(place);
        simulator.drive(50);
        await(() -> lags(registry, place) > 20);

        mirrors.close(); // nothing moves any more

        long applied = mirrors.status().get(place.name()).eventLag().count();
        assertEquals(applied, lags(registry, place));
        assertEquals(applied, lags(second, place));
    }

    private double gauge(String name, MirrorPlace place) {
        return registry.get(name).tag("mirror", place.name()).gauge().value();
    }

    private double clusters(MirrorPlace place) {
        return registry.find("css.entities").tag("mirror", place.name()).tag("kind", "cluster").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    private static long lags(MeterRegistry in, MirrorPlace place) {
        return in.get("css.event.lag").tag("mirror", place.name()).timer().count();
    }

    private Set<String> places(String name) {
        return registry.get(name).meters().stream()
                .map(meter -> meter.getId().getTag("mirror"))
                .collect(Collectors.toSet());
    }
}
