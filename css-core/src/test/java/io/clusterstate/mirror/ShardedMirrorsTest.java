package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeView;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Two shards of one account, each a mirror with a queue and a store of its own, behind one view. */
class ShardedMirrorsTest {

    private static final int SHARDS = 2;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Simulator simulator = Simulator.builder()
            .seed(23)
            .clusters(8)
            .tasks(240)
            .timePerStatus(Duration.ofMillis(100))
            .queueName("css_shard_0")
            .furtherQueues("css_shard_1")
            .build();
    private final List<Network> networks = List.of(new Network(), new Network());
    private final Map<String, ClusterMirror> shards = new HashMap<>();
    private CompositeView view;

    @BeforeEach
    void start() throws Exception {
        simulator.start();
        for (int index = 0; index < SHARDS; index++) {
            shards.put("shard-" + index, shard(index));
        }
        Map<String, ClusterStateView> views = new HashMap<>();
        shards.forEach((name, mirror) -> views.put(name, mirror.view()));
        view = CompositeView.of(views);
        shards.values().forEach(ClusterMirror::start);
        view.awaitReady(LIMIT);
        awaitPolls();
    }

    // tag::shard[]
    ClusterMirror shard(int index) {
        return ClusterMirror.builder()
                .clusters(Clusters.all().shard(index, SHARDS))
                .apiShare(0.5 / SHARDS) // ECS limits the callers of an account and Region together
                .ecs(ecsClient(index))
                .events(SqsEventSource.of(sqsClient(index), "css_shard_" + index)
                        .waitingUpTo(Duration.ofSeconds(1)))
                .store(new ReferenceStore())
                .build();
    }
    // end::shard[]

    @AfterEach
    void end() {
        shards.values().forEach(ClusterMirror::close);
        networks.forEach(Network::close);
        simulator.close();
    }

    @Test
    void theShardsTogetherHaveEveryClusterOnce() {
        Set<String> first = clusters("shard-0");
        Set<String> second = clusters("shard-1");

        assertFalse(first.isEmpty() || second.isEmpty());
        assertTrue(first.stream().noneMatch(second::contains));
        assertEquals(
                clusters(simulator.truth().clusters()),
                clusters(view.snapshot().clusters().list()));
        assertEquals(Map.of(), view.snapshot().overlaps());
        assertEquals(
                running(simulator.truth().tasks()),
                running(view.snapshot().tasks().list()));
    }

    @Test
    void eachChangeComesFromTheShardThatHasTheCluster() {
        Map<String, Set<String>> tellers = new ConcurrentHashMap<>();
        view.subscribe(ChangeListener.builder()
                .onBatch(batch -> batch.changes().forEach(change -> tellers.computeIfAbsent(
                                change.latest().clusterArn(), arn -> ConcurrentHashMap.newKeySet())
                        .add(batch.member().orElseThrow())))
                .build());

        simulator.drive(100);

        await(() -> applied("shard-0") > 50 && applied("shard-1") > 50);
        simulator.settle(LIMIT);
        await(this::isTrue);
        tellers.forEach((cluster, members) ->
                assertEquals(Set.of(clusters("shard-0").contains(cluster) ? "shard-0" : "shard-1"), members));
        Map<DeliveryOutcome, Long> deliveries = shards.get("shard-0").status().deliveries();
        assertTrue(deliveries.get(DeliveryOutcome.IRRELEVANT) > 50, "those of the other shard");
        shards.values().forEach(mirror -> await(() -> mirror.status().problems().isEmpty()));
    }

    @Test
    void aShardThatIsCutOffHoldsTheOtherUpInNothingAndCatchesUp() {
        networks.get(1).cut(true);
        long before = applied("shard-0");
        simulator.drive(100);

        await(() -> applied("shard-0") > before + 50);
        assertTrue(view.isReady(), "it answers from the state before");
        simulator.settle(LIMIT);
        await(() -> isTrueIn("shard-0"));
        assertFalse(isTrueIn("shard-1"));
        assertFalse(shards.get("shard-1").status().problems().isEmpty());

        networks.get(1).cut(false);
        await(this::isTrue);
        await(() -> shards.get("shard-1").status().problems().isEmpty());
    }

    private boolean isTrue() {
        return running(simulator.truth().tasks())
                .equals(running(view.snapshot().tasks().list()));
    }

    private boolean isTrueIn(String shard) {
        Set<String> own = clusters(shard);
        List<Task> truth = simulator.truth().tasks().stream()
                .filter(task -> own.contains(task.clusterArn()))
                .toList();
        return running(truth)
                .equals(running(shards.get(shard).view().snapshot().tasks().list()));
    }

    /** The living tasks with their versions. */
    private static Map<String, Long> running(Collection<Task> tasks) {
        return tasks.stream()
                .filter(task -> !"STOPPED".equals(task.lastStatus()))
                .collect(Collectors.toMap(Task::taskArn, Task::version));
    }

    private static Set<String> clusters(Collection<Cluster> clusters) {
        return clusters.stream().map(Cluster::clusterArn).collect(Collectors.toSet());
    }

    private Set<String> clusters(String shard) {
        return clusters(shards.get(shard).view().snapshot().clusters().list());
    }

    private long applied(String shard) {
        return shards.get(shard).status().deliveries().get(DeliveryOutcome.APPLIED);
    }

    private void awaitPolls() {
        await(() -> shards.values().stream().allMatch(mirror -> mirror.status().loops().stream()
                .anyMatch(loop -> loop.name().startsWith("poll"))));
    }

    private EcsClient ecsClient(int index) {
        return networks.get(index).lead(simulator.ecsEndpoint(), EcsClient.builder());
    }

    private SqsClient sqsClient(int index) {
        return networks.get(index).lead(simulator.sqsEndpoint(), SqsClient.builder());
    }
}
