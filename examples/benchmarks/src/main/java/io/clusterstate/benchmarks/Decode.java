package io.clusterstate.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.clusterstate.internal.event.EventReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
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
@Measurement(iterations = 25)
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

    /** The costs of an event. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Costs {
        /** Nanoseconds to decode. */
        public long decode;
        /** Bytes to decode. */
        public long decodeBytes;
        /** Nanoseconds to split into tokens. */
        public long tokens;
    }

    private static final JsonFactory JSON = new JsonFactory();
    private static final int EVENTS = 1_024;

    /** The kind of events to decode. */
    @Param
    public Kind kind;

    private final Turns turns = new Turns();
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

    /** Decodes message bodies as the library does, and splits them into tokens. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void compare(Costs costs, Blackhole sink) {
        turns.take(
                () -> {
                    Cost cost = Cost.of(() -> decode(sink));
                    costs.decode = cost.nanos();
                    costs.decodeBytes = cost.bytes();
                },
                () -> costs.tokens = Cost.of(() -> split(sink)).nanos());
    }

    private void decode(Blackhole sink) {
        for (String body : bodies) {
            sink.consume(EventReader.read(body, SampleChanges.RECEIVED));
        }
    }

    private void split(Blackhole sink) {
        for (byte[] body : bytes) {
            sink.consume(countTokens(body));
        }
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
