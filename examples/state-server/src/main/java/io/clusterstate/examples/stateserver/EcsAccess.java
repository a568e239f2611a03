package io.clusterstate.examples.stateserver;

import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.ClusterMirrorBuilder;
import io.clusterstate.mirror.MirrorPlace;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.StateStore;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Access to ECS: an AWS account, a simulator, or none if this process only reads etcd.
 *
 * @param simulator the simulator behind the clients; empty for an AWS account
 * @param clients the clients; empty if this process only reads etcd
 */
record EcsAccess(Optional<Simulator> simulator, Optional<Clients> clients) implements AutoCloseable {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);
    private static final Duration RECONCILE_EVERY = Duration.ofMinutes(20);
    private static final Duration RECONCILE_SIMULATED_EVERY = Duration.ofSeconds(5);
    /** The simulated API reports a state up to 5 s old, where the real API may lag by minutes. */
    private static final Duration SIMULATED_DELAY = Duration.ofSeconds(6);

    private static final String SIMULATED_REGION = "us-east-1";

    /** The AWS clients and the queue. */
    record Clients(AwsClients aws, String queue) {

        EcsClient ecs() {
            return aws.ecs();
        }

        SqsClient sqs() {
            return aws.sqs();
        }
    }

    /** Opens a place. A simulator among several gets a world of its own by its number. */
    static EcsAccess open(Options options, Place place, int number) {
        if (options.simulate) {
            return simulated(
                    simulator(options, place).seed(number + 1L).build(),
                    place.region().orElse(SIMULATED_REGION));
        }
        return new EcsAccess(
                Optional.empty(),
                place.queue().map(queue -> new Clients(AwsClients.of(place, options.where.externalId), queue)));
    }

    private static SimulatorBuilder simulator(Options options, Place place) {
        SimulatorBuilder builder =
                Simulator.builder().clusters(options.simulateClusters).tasks(options.simulateTasks);
        place.region().ifPresent(builder::region);
        place.name().flatMap(MirrorPlace::account).ifPresent(builder::account);
        return builder;
    }

    private static EcsAccess simulated(Simulator simulator, String region) {
        simulator.start();
        AwsClients aws = AwsClients.simulated(simulator.ecsEndpoint(), simulator.sqsEndpoint(), region);
        return new EcsAccess(Optional.of(simulator), Optional.of(new Clients(aws, simulator.queueUrl())));
    }

    /** The source to serve, of the only place. */
    StateSource source(Options options, @Nullable String etcdPassword) {
        if (clients.isEmpty()) {
            return new ReaderSource(EtcdStateReader.of(options.etcd(etcdPassword, Optional.empty())));
        }
        var mirror = ClusterMirror.builder()
                .ecs(ecs())
                .events(events())
                .store(store(options, etcdPassword, Optional.empty()));
        settings(options, mirror);
        return new MirrorSource(mirror.build());
    }

    EcsClient ecs() {
        return clients.orElseThrow().ecs();
    }

    EventSource events() {
        Clients there = clients.orElseThrow();
        return SqsEventSource.of(there.sqs(), there.queue);
    }

    static void settings(Options options, ClusterMirrorBuilder mirror) {
        mirror.closeWithin(CLOSE_LIMIT);
        Duration every = options.reconcileEvery;
        if (options.simulate) {
            mirror.consistencyAllowance(SIMULATED_DELAY);
            mirror.reconcileEvery(every == null ? RECONCILE_SIMULATED_EVERY : every);
        } else {
            mirror.reconcileEvery(every == null ? RECONCILE_EVERY : every);
        }
    }

    static StateStore store(Options options, @Nullable String etcdPassword, Optional<MirrorPlace> place) {
        return options.storeKind() == Options.StoreKind.ETCD
                ? EtcdStateStore.of(options.etcd(etcdPassword, place))
                : memory(InstantSource.system());
    }

    /**
     * A store in memory whose revisions begin at the time in microseconds. A client with a revision of an earlier
     * process thus learns that it is not kept. If revisions began at 0, the store would take it for its own.
     */
    static MemoryStateStore memory(InstantSource clock) {
        ChangeJournal journal = new ChangeJournal();
        long first = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        journal.restart(SnapshotEditor.of(SnapshotEditor.empty()).toSnapshot(first), 0);
        return new MemoryStateStore(
                MemoryStateStore.DEFAULT_KEEP_ENDED, MemoryStateStore.DEFAULT_KEEP_TOMBSTONES, clock, journal);
    }

    @Override
    public void close() {
        clients.ifPresent(each -> each.aws.close());
        simulator.ifPresent(Simulator::close);
    }
}
