package io.clusterstate.deploy;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.StateStore;
import io.clusterstate.sqs.SqsEventSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The deployed css has exactly the rights that a mirror needs from its start to its close. The simulator checks no
 * rights, so the test compares the recorded calls with the policies.
 */
class ServiceCallsTest {

    /** The additional rights for the claim of a queue, which a store that is not shared needs; the guide names them. */
    private static final Set<String> OF_THE_CLAIM = Set.of("sqs:ListQueueTags", "sqs:TagQueue", "sqs:UntagQueue");

    private static final String ACCOUNT = "123456789012";

    private final Simulator simulator =
            Simulator.builder().seed(7).account(ACCOUNT).clusters(2).tasks(30).build();
    private final CallRecorder calls = new CallRecorder();
    private EcsClient ecs;
    private SqsClient sqs;

    @BeforeEach
    void start() {
        simulator.start();
        ecs = at(simulator.ecsEndpoint(), EcsClient.builder(), config -> config.addExecutionInterceptor(calls))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        sqs = at(simulator.sqsEndpoint(), SqsClient.builder(), config -> config.addExecutionInterceptor(calls))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    @AfterEach
    void close() {
        ecs.close();
        sqs.close();
        simulator.close();
    }

    @Test
    void withEtcdItDoesWhatTheTasksRoleAllowsAndNothingElse() throws Exception {
        try (EtcdServer etcd = EtcdServer.launch()) {
            live(EtcdStateStore.of(Etcd.at(etcd.endpoint().toString())));
        }
        assertEquals(Policies.ofTheTask(), calls.actions());
        assertEquals(Policies.ofTheProfile(), calls.actions());
    }

    @Test
    void withAStoreInMemoryItAlsoClaimsItsQueue() throws Exception {
        live(new MemoryStateStore());

        Set<String> expected = new TreeSet<>(Policies.ofTheTask());
        expected.addAll(OF_THE_CLAIM);
        assertEquals(expected, calls.actions());
    }

    /**
     * Loads, reads events and an unreadable message, reconciles, and closes while ECS has not yet answered about two
     * hints.
     */
    private void live(StateStore store) throws Exception {
        try (SqsClient rule = at(simulator.sqsEndpoint(), SqsClient.builder(), config -> {})
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build();
                ClusterMirror mirror = ClusterMirror.builder()
                        .ecs(ecs)
                        .events(SqsEventSource.of(sqs, simulator.queueName()).waitingUpTo(Duration.ofSeconds(1)))
                        .store(store)
                        .poisonReceipts(1) // so that it reads the redrive policy immediately
                        .closeWithin(Duration.ofSeconds(40))
                        .build()) {
            mirror.start();
            mirror.view().awaitReady(Duration.ofMinutes(1));
            send(rule, "not an event");
            simulator.drive(100);
            await(() -> count(mirror, DeliveryOutcome.APPLIED) > 20 && count(mirror, DeliveryOutcome.DISCARDED) > 0);
            simulator.settle(Duration.ofMinutes(1));
            await(() -> isTaken(rule));
            mirror.reconcileNow().get();

            simulator.faults().delayResponses(Duration.ofSeconds(10));
            oneOfEachCluster().forEach(task -> send(rule, hint(task)));
            await(() -> isTaken(rule));
        }
    }

    private List<Task> oneOfEachCluster() {
        Map<String, Task> found = new TreeMap<>();
        simulator.truth().tasks().forEach(task -> found.put(task.clusterArn(), task));
        assertEquals(2, found.size());
        return List.copyOf(found.values());
    }

    /** An event without a version, which makes the mirror ask ECS. */
    private static String hint(Task task) {
        return """
                {"version": "0", "id": "1", "source": "aws.ecs", "detail-type": "ECS Task State Change",
                 "account": "%s", "region": "us-east-1", "time": "2026-11-25T00:00:00Z", "resources": ["%s"],
                 "detail": {"clusterArn": "%s", "taskArn": "%s", "lastStatus": "RUNNING", "desiredStatus": "RUNNING"}}"""
                .formatted(ACCOUNT, task.taskArn(), task.clusterArn(), task.taskArn());
    }

    private void send(SqsClient rule, String body) {
        rule.sendMessage(request -> request.queueUrl(simulator.queueUrl()).messageBody(body));
    }

    /** Whether all sent messages have been received. */
    private boolean isTaken(SqsClient rule) {
        return rule.getQueueAttributes(request -> request.queueUrl(simulator.queueUrl())
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
                .equals("0");
    }

    private static long count(ClusterMirror mirror, DeliveryOutcome outcome) {
        return mirror.status().deliveries().getOrDefault(outcome, 0L);
    }

    private static <B extends AwsClientBuilder<B, C>, C> B at(
            URI endpoint, B builder, Consumer<ClientOverrideConfiguration.Builder> config) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .overrideConfiguration(config);
    }
}
