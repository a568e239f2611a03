package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.client.ViewEcsClient;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.micrometer.MirrorMetrics;
import io.clusterstate.micrometer.ViewClientMetrics;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of meters in the operations guide, compared with the meters of the library and their tags. */
class DocumentedMetersTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(css\\.[a-z.]+)` \\| (view|mirror|client) \\| [a-z]+ \\| ([^|]*)\\|");
    private static final Pattern TAG = Pattern.compile("`([a-z]+)`");

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void theTableHasEveryMeterWithItsTags() throws Exception {
        try (EcsAccess ecs = EcsAccess.simulated(Simulator.builder().tasks(10).build());
                ClusterMirror mirror = ClusterMirror.builder()
                        .ecs(ecs.ecs())
                        .events(SqsEventSource.of(ecs.sqs(), ecs.queue()).waitingUpTo(Duration.ofSeconds(1)))
                        .store(new MemoryStateStore())
                        .build()) {
            mirror.start();
            mirror.view().awaitReady(Duration.ofMinutes(2));
            MirrorMetrics.of(mirror).bindTo(registry);
            ViewEcsClient client = ViewEcsClient.over(mirror.view(), ecs.ecs()).build();
            ViewClientMetrics.of(client).bindTo(registry);
            registry.getMeters().forEach(meter -> meter.measure().forEach(Measurement::getValue));

            assertEquals(documented(), registered());
        }
    }

    private Map<String, Set<String>> registered() {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> !id.getName().endsWith(".histogram")) // a simple registry has no histograms
                .collect(Collectors.toMap(
                        Meter.Id::getName, DocumentedMetersTest::tagsOf, (one, other) -> one, TreeMap::new));
    }

    private static Set<String> tagsOf(Meter.Id id) {
        return id.getTags().stream().map(tag -> tag.getKey()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Set<String>> documented() throws IOException {
        String text = Files.readString(Documents.ROOT.resolve("docs/operations.md"));
        List<MatchResult> rows = ROW.matcher(text).results().toList();
        return rows.stream()
                .collect(Collectors.toMap(
                        row -> row.group(1), row -> tagsIn(row.group(3)), (one, other) -> one, TreeMap::new));
    }

    private static Set<String> tagsIn(String cell) {
        return TAG.matcher(cell).results().map(tag -> tag.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }
}
