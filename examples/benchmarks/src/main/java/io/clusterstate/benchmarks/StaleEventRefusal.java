package io.clusterstate.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.memory.MemoryStateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Measures whether it would pay to refuse a stale event by its ARN and version alone, before its whole detail is
 * decoded. ECS writes the version last, so a decoder must pass all tokens even then.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 40)
@Measurement(iterations = 25)
public class StaleEventRefusal {

    /** Nanoseconds of a stale event. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** With the whole event decoded. */
        public long decode;
        /** With only ARN and version read. */
        public long skim;
    }

    private static final JsonFactory JSON = new JsonFactory();
    private static final int EVENTS = 1_024;

    private final Turns turns = new Turns();
    private MemoryStateStore store;
    private String[] stale;

    /** Fills a store with a later version of each task. */
    @Setup
    public void prepare() {
        TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
        store = new MemoryStateStore();
        SampleChanges.apply(store, EVENTS, i -> SampleChanges.of(samples.event(i, TaskStatus.DEACTIVATING)));
        stale = IntStream.range(0, EVENTS)
                .mapToObj(i -> samples.event(i, TaskStatus.RUNNING))
                .toArray(String[]::new);
    }

    /** The library's way is to decode the event and let the store refuse it; the other reads ARN and version only. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void compare(Costs costs, Blackhole sink) {
        turns.take(
                () -> costs.decode = Cost.of(() -> decode(sink)).nanos(),
                () -> costs.skim = Cost.of(() -> skim(sink)).nanos());
    }

    private void decode(Blackhole sink) {
        for (String event : stale) {
            sink.consume(store.apply(List.of(SampleChanges.of(event))));
        }
    }

    private void skim(Blackhole sink) {
        for (String event : stale) {
            sink.consume(isStale(event));
        }
    }

    private boolean isStale(String event) {
        String arn = "";
        long version = 0;
        try (JsonParser json = JSON.createParser(event.getBytes(StandardCharsets.UTF_8))) {
            int depth = 0;
            while (json.nextToken() != null) {
                JsonToken token = json.currentToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 2 && token == JsonToken.FIELD_NAME) {
                    switch (json.currentName()) {
                        case "taskArn" -> arn = json.nextTextValue();
                        case "version" -> version = json.nextLongValue(0);
                        default -> {}
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // unreachable: the events are well-formed and in memory
        }
        return version
                <= store.snapshot()
                        .observed(EntityKind.TASK, arn)
                        .map(Observed::version)
                        .orElse(0L);
    }
}
