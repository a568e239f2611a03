package io.clusterstate.benchmarks;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;

/**
 * A ready mirror of a single cluster. All its tasks come from events; after the last event nothing changes any more.
 */
final class ReadyMirror implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Instant BEFORE_THE_EVENTS = SampleChanges.RECEIVED.minusSeconds(60);

    private final ClusterMirror mirror;

    private ReadyMirror(ClusterMirror mirror) {
        this.mirror = mirror;
    }

    /** Starts a mirror and waits until it has received all events. */
    static ReadyMirror of(int count, IntFunction<String> events) throws InterruptedException, TimeoutException {
        CountDownLatch taken = new CountDownLatch(1);
        ClusterMirror mirror = ClusterMirror.builder()
                .ecs(new OneCluster())
                .events(new FiniteSource(count, events, taken))
                .store(new MemoryStateStore())
                .pollers(2)
                .clock(InstantSource.fixed(BEFORE_THE_EVENTS)) // later events are states, earlier ones only hints
                .closeWithin(Duration.ofSeconds(1)) // the source blocks until it is closed
                .build();
        mirror.start();
        mirror.view().awaitReady(LIMIT);
        taken.await();
        return new ReadyMirror(mirror).requireTasks(count);
    }

    /** A benchmark of an empty view would measure nothing. */
    private ReadyMirror requireTasks(int count) throws InterruptedException {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (view().snapshot().tasks().count() < count) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException(
                        "tasks: " + view().snapshot().tasks().count() + " (expected: " + count + ")");
            }
            TimeUnit.MILLISECONDS.sleep(10); // another poller may still apply its batch
        }
        return this;
    }

    ClusterStateView view() {
        return mirror.view();
    }

    @Override
    public void close() {
        mirror.close();
    }

    /** An event source that delivers every event once and then blocks until it is closed. */
    private static final class FiniteSource implements EventSource {

        private static final int MOST = 1_000;

        private final int count;
        private final IntFunction<String> events;
        private final CountDownLatch taken;
        private final CountDownLatch closed = new CountDownLatch(1);
        private int next;

        FiniteSource(int count, IntFunction<String> events, CountDownLatch taken) {
            this.count = count;
            this.events = events;
            this.taken = taken;
        }

        @Override
        public synchronized List<Delivery> poll() throws InterruptedException {
            List<Delivery> deliveries = new ArrayList<>();
            while (next < count && deliveries.size() < MOST) {
                String id = Integer.toString(next);
                deliveries.add(new Delivery(id, events.apply(next++), id, SampleChanges.RECEIVED, Optional.empty(), 1));
            }
            if (deliveries.isEmpty()) {
                taken.countDown();
                closed.await();
            }
            return deliveries;
        }

        @Override
        public void settle(Collection<Delivery> deliveries) {}

        @Override
        public void handBack(Collection<Delivery> deliveries) {}

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** An ECS client of an account with a single, empty cluster. */
    private static final class OneCluster implements EcsClient {

        private static final String ARN = SampleIds.clusterArn("prod");

        @Override
        public ListClustersResponse listClusters(ListClustersRequest request) {
            return ListClustersResponse.builder().clusterArns(ARN).build();
        }

        @Override
        public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
            return DescribeClustersResponse.builder()
                    .clusters(Cluster.builder()
                            .clusterArn(ARN)
                            .clusterName("prod")
                            .status("ACTIVE")
                            .build())
                    .build();
        }

        @Override
        public ListContainerInstancesResponse listContainerInstances(ListContainerInstancesRequest request) {
            return ListContainerInstancesResponse.builder().build();
        }

        @Override
        public ListServicesResponse listServices(ListServicesRequest request) {
            return ListServicesResponse.builder().build();
        }

        @Override
        public ListTasksResponse listTasks(ListTasksRequest request) {
            return ListTasksResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
