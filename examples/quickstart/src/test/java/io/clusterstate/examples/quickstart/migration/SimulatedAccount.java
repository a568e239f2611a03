package io.clusterstate.examples.quickstart.migration;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A simulated account that goes on by itself, and a mirror of it. */
public final class SimulatedAccount implements AutoCloseable {

    private final Simulator simulator = Simulator.builder()
            .clusters(1)
            .tasks(20)
            .timePerStatus(Duration.ZERO)
            .build();
    private final EcsClient ecs;
    private final SqsClient sqs;
    private final ClusterMirror mirror;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();

    public SimulatedAccount() throws Exception {
        simulator.start();
        ecs = at(simulator.ecsEndpoint(), EcsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        sqs = at(simulator.sqsEndpoint(), SqsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        mirror = ClusterMirror.builder()
                .ecs(ecs)
                .events(SqsEventSource.of(sqs, simulator.queueUrl()).waitingUpTo(Duration.ofSeconds(1)))
                .store(new MemoryStateStore())
                .consistencyAllowance(Duration.ZERO)
                .build();
        mirror.start();
        mirror.view().awaitReady(Duration.ofSeconds(60));
        var unused = ticks.scheduleWithFixedDelay(simulator::tick, 0, 20, TimeUnit.MILLISECONDS);
    }

    public Simulator simulator() {
        return simulator;
    }

    public EcsClient ecs() {
        return ecs;
    }

    public ClusterStateView view() {
        return mirror.view();
    }

    /** Starts tasks on Fargate, and returns their ARNs. */
    List<String> run(int count) {
        return ecs
                .runTask(request -> request.cluster("default")
                        .taskDefinition("batch")
                        .launchType("FARGATE")
                        .count(count))
                .tasks()
                .stream()
                .map(Task::taskArn)
                .toList();
    }

    /** Reconciles until the view has heard that ECS no longer knows a task. */
    public void reconcileUntilRemoved(String taskArn) throws Exception {
        while (view().task(taskArn).isPresent()) {
            mirror.reconcileNow("default").get(1, TimeUnit.MINUTES);
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        mirror.close();
        ecs.close();
        sqs.close();
        simulator.close();
    }

    private static <B extends AwsClientBuilder<B, C>, C> B at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")));
    }
}
