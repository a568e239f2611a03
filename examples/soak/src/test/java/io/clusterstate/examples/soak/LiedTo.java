package io.clusterstate.examples.soak;

import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A mirror of an ECS that may lie, without events, and the laws of its view. */
final class LiedTo implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(30);

    private final Findings findings;
    private final Simulator simulator =
            Simulator.builder().clusters(1).tasks(20).withoutSqs().build();
    private final TruthJournal truth = new TruthJournal(simulator::truth);
    private final LyingEcs ecs;
    private final ClusterMirror mirror;
    private final Watch watch;

    /** A source without events. */
    private static final class Silence implements EventSource {

        @Override
        public List<Delivery> poll() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(50);
            return List.of();
        }

        @Override
        public void settle(Collection<Delivery> deliveries) {}

        @Override
        public void handBack(Collection<Delivery> deliveries) {}

        @Override
        public void close() {}
    }

    LiedTo(Findings findings) {
        this.findings = findings;
        simulator.start();
        ecs = new LyingEcs(simulator.ecsClient());
        mirror = ClusterMirror.builder()
                .ecs(ecs.client())
                .events(new Silence())
                .store(new MemoryStateStore())
                .consistencyAllowance(Duration.ZERO)
                .reconcileEvery(Duration.ofSeconds(1))
                .build();
        watch = new Watch(
                "view",
                mirror.view(),
                findings,
                List.of(
                        new AbsenceProven("view", findings, truth, () -> false),
                        new FreshnessHonest("view", findings, truth, () -> false)));
    }

    void start() throws Exception {
        truth.sample();
        mirror.start();
        mirror.view().awaitReady(READY_WITHIN);
    }

    void denyAfterTheLoad() throws Exception {
        start();
        ecs.deny(simulator.truth().tasks().get(0).taskArn());
    }

    void denyFromTheBeginning() throws Exception {
        ecs.deny(simulator.truth().tasks().get(0).taskArn());
        start();
    }

    /** Samples the truth and reads the view once; true, so that an await may go on with its condition. */
    boolean look() {
        truth.sample();
        watch.look();
        return true;
    }

    boolean hasBroken(Class<? extends Law> law) {
        look();
        return findings.violations().stream().anyMatch(each -> each.law().equals(law.getSimpleName()));
    }

    @Override
    public void close() {
        watch.close();
        mirror.close();
        simulator.close();
    }
}
