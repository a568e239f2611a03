package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.Surroundings;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;

/** An account with very many clusters: what the list of clusters costs grows as their number, and not as its square. */
class ManyClustersTest {

    private static final int CLUSTERS = 30_000;
    /** Under a second where each cluster is looked at once; a hundred seconds where each is compared with each. */
    private static final Duration PLENTY = Duration.ofSeconds(30);

    @Test
    void theListOfClustersIsReadInLinearTime() {
        TestTime time = new TestTime();
        Surroundings surroundings = new Surroundings(time, time, Thread::new, new Random(1));
        Alone alone = new Alone(() -> StoreLink.LOCAL);
        ReconcileTools tools = new ReconcileTools(
                new ReferenceStore(),
                new EcsApi(
                        new ManyClusters(),
                        new ApiBudget(1, time),
                        new ApiTally(),
                        surroundings,
                        new ServiceEvents(10)),
                new Crew(1, surroundings),
                new Selection(Clusters.all(), List.of(EntityKind.TASK)),
                Duration.ZERO,
                alone,
                new FreshnessBook(alone, new ClockSteps(time, time), Duration.ZERO),
                new RevisionTimes(time, Duration.ZERO),
                surroundings);
        ClusterRoll roll = new ClusterRoll(tools);

        Set<String> living = assertTimeoutPreemptively(PLENTY, () -> {
            Set<String> first = roll.call(false, Set.of(), () -> {}).living();
            return roll.call(true, first, () -> {}).living();
        });

        assertEquals(new HashSet<>(ManyClusters.ARNS), living);
    }

    private static final class ManyClusters implements EcsClient {

        private static final List<String> ARNS = IntStream.range(0, CLUSTERS)
                .mapToObj(i -> Entities.clusterArn("cluster-with-a-name-" + i))
                .toList();

        @Override
        public ListClustersResponse listClusters(ListClustersRequest request) {
            return ListClustersResponse.builder().clusterArns(ARNS).build();
        }

        @Override
        public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
            return DescribeClustersResponse.builder()
                    .clusters(request.clusters().stream()
                            .map(arn -> Cluster.builder()
                                    .clusterArn(arn)
                                    .status("ACTIVE")
                                    .build())
                            .toList())
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
