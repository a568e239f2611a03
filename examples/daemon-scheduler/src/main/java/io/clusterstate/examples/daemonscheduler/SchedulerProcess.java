package io.clusterstate.examples.daemonscheduler;

import io.clusterstate.ReadPolicy;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.etcd.Leadership;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * All that a process needs: a mirror on the shared store, a candidate for the lead, and the scheduler. Any number of
 * such processes may run for one daemon.
 *
 * <p>Thread: one thread at a time.
 */
final class SchedulerProcess implements AutoCloseable {

    private final ClusterMirror mirror;
    private final Leadership leadership;
    private final DaemonScheduler scheduler;

    /**
     * The times of a process.
     *
     * @param lease the time after which another process leads, if this one is not heard of
     * @param reconcileEvery the pause between two comparisons of the view with the ECS API
     * @param consistency the time after which every answer of ECS shows a change
     * @param restartAfter the pause before an ended task has a successor
     */
    record Times(Duration lease, Duration reconcileEvery, Duration consistency, Duration restartAfter) {

        /** The times for ECS itself, which may show a change minutes later. Source: the ECS API reference, RunTask. */
        static final Times REAL = new Times(
                Leadership.DEFAULT_LEASE, Duration.ofMinutes(20), Duration.ofMinutes(5), Duration.ofSeconds(10));

        /** The times for the simulated ECS, whose answers are up to 5 seconds old. */
        static final Times SIMULATED =
                new Times(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofMillis(500));

        /** Twice the oldest that a view is if all goes well. */
        Duration mostStale() {
            return reconcileEvery.plus(consistency).multipliedBy(2);
        }
    }

    private SchedulerProcess(ClusterMirror mirror, Leadership leadership, DaemonScheduler scheduler) {
        this.mirror = mirror;
        this.leadership = leadership;
        this.scheduler = scheduler;
    }

    /** Starts the parts; the clients and the etcd stay the caller's. */
    static SchedulerProcess start(Daemon daemon, EcsClient ecs, EventSource events, Etcd etcd, Times times) {
        ClusterMirror mirror = ClusterMirror.builder()
                .ecs(ecs)
                .events(events)
                .store(EtcdStateStore.builder(etcd).leaderLease(times.lease()).build())
                .reconcileEvery(times.reconcileEvery())
                .consistencyAllowance(times.consistency())
                .build();
        Leadership leadership = Leadership.of(etcd, daemon.name(), times.lease());
        Starts.Pace pace = new Starts.Pace(times.restartAfter(), times.consistency());
        Pauses pauses = new Pauses(InstantSource.system(), new SplittableRandom());
        Starts starts = new Starts(daemon, ecs, mirror.expectations(), pace, pauses, InstantSource.system());
        DaemonReconciler reconciler = new DaemonReconciler(daemon, ecs, mirror.expectations(), starts, pauses);
        ReadPolicy policy = ReadPolicy.any()
                .in(daemon.cluster())
                .atMostStale(times.mostStale())
                .live();
        DaemonScheduler scheduler = new DaemonScheduler(mirror.view(), leadership, reconciler, policy);
        SchedulerProcess process = new SchedulerProcess(mirror, leadership, scheduler);
        try {
            mirror.start();
            leadership.start();
            return process;
        } catch (RuntimeException e) {
            process.close(); // else its threads go on
            throw e;
        }
    }

    ClusterMirror mirror() {
        return mirror;
    }

    Leadership leadership() {
        return leadership;
    }

    /** Ends the scheduler first, so that nothing acts without a lead, and then gives the lead up. */
    @Override
    public void close() {
        scheduler.close();
        leadership.close();
        mirror.close();
    }
}
