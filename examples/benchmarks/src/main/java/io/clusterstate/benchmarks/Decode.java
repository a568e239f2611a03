package io.clusterstate.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.clusterstate.internal.event.EventReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Measures the time to decode an event. The baseline is the least that any decoder must do: to split the bytes into
 * tokens.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 40)
@Measurement(iterations = 15)
public class Decode {

    /** The kinds of events. */
    public enum Kind {
        /** A task on Fargate, with an elastic network interface. */
        FARGATE,
        /** A task on a container instance, with bound ports. */
        EC2,
        /** A container instance. */
        INSTANCE
    }

    private static final JsonFactory JSON = new JsonFactory();
    private static final int EVENTS = 1_024;

    /** The kind of events to decode. */
    @Param
    public Kind kind;

    private String[] bodies;
    private byte[][] bytes;

    /** Makes {@value #EVENTS} events of different entities. */
    @Setup
    public void prepare() {
        bodies = IntStream.range(0, EVENTS).mapToObj(this::event).toArray(String[]::new);
        bytes = IntStream.range(0, EVENTS)
                .mapToObj(i -> bodies[i].getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    private String event(int number) {
        return switch (kind) {
            case FARGATE -> new TaskSamples(TaskSamples.Launch.FARGATE, "prod").event(number, TaskStatus.RUNNING);
            case EC2 -> new TaskSamples(TaskSamples.Launch.EC2, "prod").event(number, TaskStatus.RUNNING);
            case INSTANCE -> new InstanceSamples("prod").event(number, 1 + number % 1_000, 8 * number, 16 * number);
        };
    }

    /** Decodes message bodies as the library does. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void decode(Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (String body : bodies) {
                sink.consume(EventReader.read(body, SampleChanges.RECEIVED));
            }
        });
    }

    /** The baseline: splits message bodies into tokens. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void tokens(Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (byte[] body : bytes) {
                sink.consume(countTokens(body));
            }
        });
    }

    private static int countTokens(byte[] body) {
        int tokens = 0;
        try (JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                tokens++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // unreachable: the events are well-formed and in memory
        }
        return tokens;
    }
}
