package io.clusterstate.benchmarks;

import io.clusterstate.ChangeListener;
import io.clusterstate.Subscription;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Measures the time until a listener of a mirror gets the change of a message that the queue has, at 500 messages a
 * second. The baseline is the time until a bare loop has received such a message. Queue server, sender and receivers
 * share this process and its cores.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 15)
@Fork(jvmArgsAppend = "-XX:+BackgroundCompilation") // a pause for the compiler is not delivery time
public class EventToListener {

    private static final int EVENTS = 300;
    private static final int TOGETHER = 10;
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Percentiles in nanoseconds, counted from the end of the call that sends. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Percentiles {
        /** The median until the listener is called. */
        public long listenerMedian;
        /** The 99th percentile until the listener is called. */
        public long listener;
        /** The 99th percentile until the bare loop has received the message. */
        public long bare;
    }

    /** Tasks of a cluster that ECS has not confirmed; its old events would else be hints. */
    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");

    private final Turns turns = new Turns();
    private Simulator simulator;
    private Simulator bareSimulator;
    private EcsClient ecs;
    private SqsClient sqs;
    private SqsClient bareSqs;
    private ClusterMirror mirror;
    private int next;

    /** Starts a simulator, the clients and a mirror; and a queue for the bare loop. */
    @Setup
    public void start() throws InterruptedException, TimeoutException {
        simulator = simulator();
        bareSimulator = simulator();
        ecs = SimulatedAws.ecs(simulator.ecsEndpoint().toString());
        sqs = SimulatedAws.sqs(simulator.sqsEndpoint().toString());
        bareSqs = SimulatedAws.sqs(bareSimulator.sqsEndpoint().toString());
        mirror = ClusterMirror.builder()
                .ecs(ecs)
                .events(SqsEventSource.of(sqs, simulator.queueName()).waitingUpTo(Duration.ofSeconds(1)))
                .store(new MemoryStateStore())
                .build();
        mirror.start();
        mirror.view().awaitReady(Duration.ofMinutes(1));
    }

    private static Simulator simulator() {
        Simulator simulator = Simulator.builder()
                .region(SampleIds.REGION)
                .account(SampleIds.ACCOUNT)
                .clusters(1)
                .tasks(100)
                .build();
        simulator.start();
        return simulator;
    }

    /** Closes the mirror, the clients and the simulators. */
    @TearDown
    public void stop() {
        mirror.close();
        ecs.close();
        sqs.close();
        bareSqs.close();
        simulator.close();
        bareSimulator.close();
    }

    /** Sends messages at a steady rate to the mirror, and to the bare loop. */
    @Benchmark
    public void compare(Percentiles percentiles) {
        turns.take(
                () -> {
                    Times times = toListener();
                    percentiles.listenerMedian = times.percentile(50);
                    percentiles.listener = times.percentile(99);
                },
                () -> percentiles.bare = toBareLoop().percentile(99));
    }

    private Times toListener() {
        Arrivals arrivals = new Arrivals(EVENTS);
        Subscription listening = mirror.view()
                .subscribe(ChangeListener.builder()
                        .liveOnly()
                        .tasks(tasks -> tasks.onEach((change, batch) -> arrivals.arrived(change.arn())))
                        .build());
        sendAll(sqs, simulator.queueUrl(), arrivals::sent);
        Times times = arrivals.times();
        listening.cancel();
        return times;
    }

    private Times toBareLoop() {
        Arrivals arrivals = new Arrivals(EVENTS);
        String url = bareSimulator.queueUrl();
        Thread loop = new Thread(() -> {
            int left = EVENTS;
            while (left > 0) {
                var messages = BareDrain.receive(bareSqs, url);
                messages.forEach(message -> arrivals.arrived(samples.arnIn(message.body())));
                BareDrain.delete(bareSqs, url, messages);
                left -= messages.size();
            }
        });
        loop.start();
        sendAll(bareSqs, url, arrivals::sent);
        Times times = arrivals.times();
        Waiting.until(loop);
        return times;
    }

    private void sendAll(SqsClient client, String url, Consumer<List<String>> sent) {
        long due = System.nanoTime();
        for (int i = 0; i < EVENTS; i += TOGETHER) {
            LockSupport.parkNanos(due - System.nanoTime());
            due += PACE_NANOS;
            sent.accept(send(client, url));
        }
    }

    /** Sends messages together, and returns the ARNs of their tasks. */
    private List<String> send(SqsClient client, String url) {
        List<String> arns = new ArrayList<>();
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            entries.add(SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .messageBody(samples.event(next, TaskStatus.PENDING))
                    .build());
            arns.add(samples.arn(next++));
        }
        client.sendMessageBatch(request -> request.queueUrl(url).entries(entries));
        return arns;
    }
}
