package io.clusterstate.benchmarks;

import io.clusterstate.ChangeListener;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Measures the time from sending a message until a listener gets the change, at 500 messages a second. The queue
 * server, the sender and the mirror share this process and its cores.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 2)
@Fork(jvmArgsAppend = "-XX:+BackgroundCompilation") // a pause for the compiler is not delivery time
public class EventToListener {

    private static final int EVENTS = 2_500;
    private static final int TOGETHER = 10;
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Percentiles in nanoseconds, counted from before the call that sends. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Percentiles {
        /** The median. */
        public long fiftieth;
        /** The 99th percentile. */
        public long ninetyNinth;
    }

    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");
    private final Map<String, Long> sent = new ConcurrentHashMap<>();
    private Simulator simulator;
    private EcsClient ecs;
    private SqsClient sqs;
    private ClusterMirror mirror;
    private int next;

    /** Starts the simulator and a mirror of it. */
    @Setup
    public void start() throws InterruptedException, TimeoutException {
        simulator = Simulator.builder().clusters(1).tasks(100).build();
        simulator.start();
        ecs = at(simulator.ecsEndpoint(), EcsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        sqs = at(simulator.sqsEndpoint(), SqsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        mirror = ClusterMirror.builder()
                .ecs(ecs)
                .events(SqsEventSource.of(sqs, simulator.queueName()).waitingUpTo(Duration.ofSeconds(1)))
                .store(new MemoryStateStore())
                .build();
        mirror.start();
        mirror.view().awaitReady(Duration.ofMinutes(1));
    }

    /** Closes the mirror, the clients and the simulator. */
    @TearDown
    public void stop() {
        mirror.close();
        ecs.close();
        sqs.close();
        simulator.close();
    }

    /** Sends {@value #EVENTS} messages at a steady rate and times the listener's calls. */
    @Benchmark
    public void sendAndListen(Percentiles percentiles) throws InterruptedException {
        Times times = new Times(EVENTS);
        CountDownLatch left = new CountDownLatch(EVENTS);
        var listening = mirror.view()
                .subscribe(ChangeListener.builder()
                        .liveOnly()
                        .tasks(tasks -> tasks.onEach((change, batch) -> {
                            Long begun = sent.remove(change.arn());
                            if (begun != null) {
                                times.add(System.nanoTime() - begun);
                                left.countDown();
                            }
                        }))
                        .build());
        long due = System.nanoTime();
        for (int i = 0; i < EVENTS; i += TOGETHER) {
            LockSupport.parkNanos(due - System.nanoTime());
            due += PACE_NANOS;
            send();
        }
        left.await();
        listening.cancel();
        percentiles.fiftieth = times.percentile(50);
        percentiles.ninetyNinth = times.percentile(99);
    }

    private void send() {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            entries.add(SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .messageBody(samples.event(next, TaskStatus.PENDING))
                    .build());
            sent.put(samples.arn(next++), System.nanoTime());
        }
        sqs.sendMessageBatch(request -> request.queueUrl(simulator.queueUrl()).entries(entries));
    }

    private static <B extends AwsClientBuilder<B, C>, C> B at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")));
    }
}
