package io.clusterstate.benchmarks;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeView;
import io.clusterstate.Subscription;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Measures the time from a message in a queue until a listener of a composite view gets its change. The view has two
 * Regions of two accounts. In every second run, ECS and the queue of one of them answer nothing but errors; the
 * messages are for the three others.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 15)
@Fork(jvmArgsAppend = "-XX:+BackgroundCompilation") // a pause for the compiler is not delivery time
public class CutOffMember {

    private static final int EVENTS = 300;
    private static final int TOGETHER = 10;
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The 99th percentiles in nanoseconds, counted from the end of the call that sends. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Percentiles {
        /** While all members are there. */
        public long allThere;
        /** While one member is cut off. */
        public long oneCutOff;
    }

    /** A Region of an account. */
    private record Member(Simulator simulator, ClusterMirror mirror) {

        static Member of(String account, String region) {
            Simulator simulator = Simulator.builder()
                    .account(account)
                    .region(region)
                    .clusters(1)
                    .tasks(100)
                    .build();
            simulator.start();
            ClusterMirror mirror = ClusterMirror.builder()
                    .ecs(simulator.ecsClient())
                    .events(SqsEventSource.of(simulator.sqsClient(), simulator.queueName())
                            .waitingUpTo(Duration.ofSeconds(1)))
                    .store(new MemoryStateStore())
                    .build();
            mirror.start();
            return new Member(simulator, mirror);
        }

        void close() {
            mirror.close();
            simulator.close();
        }
    }

    /** Tasks of a cluster that ECS has not confirmed; its old events would else be hints. */
    private final TaskSamples samples = new TaskSamples(TaskSamples.Launch.FARGATE, "prod");

    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Turns turns = new Turns();
    private CompositeView view;
    private int next;

    /** Starts the simulators and mirrors. */
    @Setup
    public void start() throws InterruptedException, TimeoutException {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        for (String account : List.of(SampleIds.ACCOUNT, "444455556666")) {
            for (String region : List.of(SampleIds.REGION, "us-east-1")) {
                Member member = Member.of(account, region);
                members.put(account + '/' + region, member);
                views.put(account + '/' + region, member.mirror().view());
            }
        }
        view = CompositeView.of(views);
        view.awaitReady(Duration.ofMinutes(1));
    }

    /** Closes all. */
    @TearDown
    public void stop() {
        members.values().forEach(Member::close);
    }

    /** Sends messages at a steady rate to three members, while the fourth is there and while it is cut off. */
    @Benchmark
    public void compare(Percentiles percentiles) {
        turns.take(() -> percentiles.allThere = toListener().percentile(99), () -> {
            cutOff(true);
            percentiles.oneCutOff = toListener().percentile(99);
            cutOff(false);
        });
    }

    private void cutOff(boolean isOut) {
        Simulator last = List.copyOf(members.values()).get(members.size() - 1).simulator();
        last.faults().ecsOutage(isOut);
        last.faults().sqsOutage(isOut);
    }

    private Times toListener() {
        Arrivals arrivals = new Arrivals(EVENTS);
        Subscription listening = view.subscribe(ChangeListener.builder()
                .liveOnly()
                .tasks(tasks -> tasks.onEach((change, batch) -> arrivals.arrived(change.arn())))
                .build());
        List<String> names = List.copyOf(members.keySet());
        long due = System.nanoTime();
        for (int i = 0; i < EVENTS; i += TOGETHER) {
            LockSupport.parkNanos(due - System.nanoTime());
            due += PACE_NANOS;
            String name = names.get(i / TOGETHER % (names.size() - 1));
            arrivals.sent(send(name, Objects.requireNonNull(members.get(name)).simulator()));
        }
        Times times = arrivals.times();
        listening.cancel();
        return times;
    }

    /** Sends messages together, and returns the ARNs of their tasks. */
    private List<String> send(String name, Simulator to) {
        List<String> arns = new ArrayList<>();
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            entries.add(SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .messageBody(at(name, samples.event(next, TaskStatus.PENDING)))
                    .build());
            arns.add(at(name, samples.arn(next++)));
        }
        to.sqsClient()
                .sendMessageBatch(request -> request.queueUrl(to.queueUrl()).entries(entries));
        return arns;
    }

    /** A text about a sample, as one about a task of a member. */
    private static String at(String member, String text) {
        int slash = member.indexOf('/');
        return text.replace(SampleIds.ACCOUNT, member.substring(0, slash))
                .replace(SampleIds.REGION, member.substring(slash + 1));
    }
}
