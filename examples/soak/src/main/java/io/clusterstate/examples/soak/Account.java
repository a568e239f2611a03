package io.clusterstate.examples.soak;

import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A simulated account in a Region, with clients and the journal of its truth.
 *
 * <p>Thread: safe for any thread.
 */
final class Account implements AutoCloseable {

    /** Ended tasks are gone from ECS soon, so that memory stays flat. */
    private static final Duration ENDED_KEPT = Duration.ofSeconds(20);

    private static final String VISIBILITY_SECONDS = "5";

    private final Size size;
    private final Simulator simulator;
    private final EcsClient ecs;
    private final SqsClient sqs;
    private final TruthJournal journal;
    private final Set<Fault> inUse = EnumSet.noneOf(Fault.class);

    /**
     * The size of an account.
     *
     * @param name the name, for people
     * @param region the Region
     * @param number the account's number
     * @param clusters the number of clusters
     * @param tasks the number of tasks
     */
    record Size(String name, String region, String number, int clusters, int tasks) {}

    Account(Size size, long seed) {
        this.size = size;
        this.simulator = Simulator.builder()
                .seed(seed)
                .region(size.region())
                .account(size.number())
                .clusters(size.clusters())
                .tasks(size.tasks())
                .keepEndedFor(ENDED_KEPT)
                .build();
        simulator.start();
        this.ecs = ecs(simulator.ecsEndpoint(), size.region());
        this.sqs = sqs(simulator.sqsEndpoint(), size.region());
        this.journal = new TruthJournal(simulator::truth);
        sqs.setQueueAttributes(request -> request.queueUrl(simulator.queueUrl())
                .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, VISIBILITY_SECONDS)));
    }

    static EcsClient ecs(URI endpoint, String region) {
        return at(endpoint, region, EcsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    static SqsClient sqs(URI endpoint, String region) {
        return at(endpoint, region, SqsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    private static <B extends AwsClientBuilder<B, C>, C> B at(URI endpoint, String region, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")));
    }

    String name() {
        return size.name();
    }

    String region() {
        return size.region();
    }

    Simulator simulator() {
        return simulator;
    }

    EcsClient ecs() {
        return ecs;
    }

    SqsClient sqs() {
        return sqs;
    }

    TruthJournal journal() {
        return journal;
    }

    /** Puts a fault of the simulator in use beside the others, or ends it. */
    synchronized void use(Fault fault, boolean on) {
        if (on) {
            inUse.add(fault);
        } else {
            inUse.remove(fault);
        }
        simulator.faults().use(inUse);
    }

    /** The ARN of an active cluster, by a number. */
    String cluster(int number) {
        return pick(
                number,
                simulator.truth().clusters().stream()
                        .map(cluster -> cluster.clusterArn())
                        .toList());
    }

    /** A member of a list, by a number; the lists are never empty here. */
    static <T> T pick(int number, List<T> from) {
        return from.get(Math.floorMod(number, from.size()));
    }

    /** The number of messages in the queue, visible or in flight. */
    int messagesLeft() {
        return sqs
                .getQueueAttributes(request -> request.queueUrl(simulator.queueUrl())
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    Truth truth() {
        return simulator.truth();
    }

    @Override
    public void close() {
        ecs.close();
        sqs.close();
        simulator.close();
    }
}
