package io.clusterstate.examples.stateserver;

import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.StateStore;
import io.clusterstate.sqs.SqsEventSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
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

    /** The AWS clients and the queue. */
    record Clients(EcsClient ecs, SqsClient sqs, String queue) {}

    static EcsAccess open(Options options) {
        if (options.simulate) {
            return simulated(Simulator.builder()
                    .clusters(options.simulateClusters)
                    .tasks(options.simulateTasks)
                    .build());
        }
        String queue = options.queueName();
        return new EcsAccess(Optional.empty(), queue == null ? Optional.empty() : Optional.of(account(queue)));
    }

    private static EcsAccess simulated(Simulator simulator) {
        simulator.start();
        EcsClient ecs = at(simulator.ecsEndpoint(), EcsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        SqsClient sqs = at(simulator.sqsEndpoint(), SqsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        return new EcsAccess(Optional.of(simulator), Optional.of(new Clients(ecs, sqs, simulator.queueUrl())));
    }

    private static <B extends AwsClientBuilder<B, C>, C> B at(URI endpoint, B builder) {
        var credentials = AwsBasicCredentials.create("simulated", "simulated");
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials));
    }

    /**
     * Clients configured by the SDK's own variables, such as AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_ECS and
     * AWS_ENDPOINT_URL_SQS.
     */
    private static Clients account(String queue) {
        var ecs = EcsClient.builder().httpClientBuilder(Apache5HttpClient.builder());
        String endpoint = System.getenv("ECS_ENDPOINT"); // a variable of the original cluster-state-service
        if (endpoint != null && !endpoint.isBlank()) {
            ecs.endpointOverride(URI.create(endpoint));
        }
        var sqs = SqsClient.builder()
                .httpClientBuilder(Apache5HttpClient.builder())
                .checksumValidationEnabled(false); // TLS protects the messages
        return new Clients(ecs.build(), sqs.build(), queue);
    }

    /** The source to serve. */
    StateSource source(Options options, @Nullable String etcdPassword) {
        return clients()
                .<StateSource>map(there -> new MirrorSource(mirror(there, options, etcdPassword)))
                .orElseGet(() -> new ReaderSource(EtcdStateReader.of(options.etcd(etcdPassword))));
    }

    private ClusterMirror mirror(Clients there, Options options, @Nullable String etcdPassword) {
        var mirror = ClusterMirror.builder()
                .ecs(there.ecs)
                .events(SqsEventSource.of(there.sqs, there.queue))
                .store(store(options, etcdPassword))
                .closeWithin(CLOSE_LIMIT);
        Duration every = options.reconcileEvery;
        if (simulator.isPresent()) {
            mirror.consistencyAllowance(SIMULATED_DELAY);
            return mirror.reconcileEvery(every == null ? RECONCILE_SIMULATED_EVERY : every)
                    .build();
        }
        return mirror.reconcileEvery(every == null ? RECONCILE_EVERY : every).build();
    }

    private static StateStore store(Options options, @Nullable String etcdPassword) {
        return options.storeKind() == Options.StoreKind.ETCD
                ? EtcdStateStore.of(options.etcd(etcdPassword))
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
        clients.ifPresent(each -> {
            each.ecs.close();
            each.sqs.close();
        });
        simulator.ifPresent(Simulator::close);
    }
}
