package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.clusterstate.EntityKind;
import io.clusterstate.StoreLink;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.ecs.ServiceEvents;
import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.Environment;
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

/** An account with very many clusters: the cost of the list of clusters grows linearly with their number. */
class ManyClustersTest {

    private static final int CLUSTERS = 30_000;
    /** Under a second where each cluster is looked at once; a hundred seconds where each is compared with each. */
    private static final Duration PLENTY = Duration.ofSeconds(30);

    @Test
    void theListOfClustersIsReadInLinearTime() {
        TestTime time = new TestTime();
        Environment environment = new Environment(time, time, Thread::new, new Random(1));
        NoCoordination alone = new NoCoordination(() -> StoreLink.LOCAL);
        ReconcileContext context = new ReconcileContext(
                new ReferenceStore(),
                new EcsApi(
                        new ManyClusters(),
                        new ApiBudget(1, time),
                        new ApiCounters(),
                        environment,
                        new ServiceEvents(10)),
                new DescribePool(1, environment),
                new Selection(Clusters.all(), List.of(EntityKind.TASK)),
                Duration.ZERO,
                alone,
                new FreshnessTracker(alone, new ClockSteps(time, time::nanos), Duration.ZERO),
                new RevisionTimes(time, Duration.ZERO),
                environment);
        ClusterDiscovery discovery =
                new ClusterDiscovery(context, new Ownership(context.selection().home(), alone));

        Set<String> living = assertTimeoutPreemptively(PLENTY, () -> {
            Set<String> first = discovery.discover(false, Set.of(), 1, () -> {}).living();
            return discovery.discover(true, first, 1, () -> {}).living();
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
