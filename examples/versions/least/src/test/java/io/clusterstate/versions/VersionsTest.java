package io.clusterstate.versions;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.clusterstate.client.ViewEcsAsyncClient;
import io.clusterstate.client.ViewEcsClient;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.micrometer.MirrorMetrics;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.StateStore;
import io.clusterstate.sqs.SqsEventSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsAsyncClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Runs css on the libraries that the pom or the command line names. */
class VersionsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Another dependency may ask for a later version, and Maven then chooses that. */
    @Test
    void theLibrariesAreOfTheVersionsThatThePomNames() {
        assertEquals(
                System.getProperty("tried"),
                String.join(
                        " ",
                        versionOf(EcsClient.class),
                        versionOf(JsonFactory.class),
                        versionOf(Caffeine.class),
                        versionOf(SimpleMeterRegistry.class),
                        versionOf(Logger.class)));
    }

    private static String versionOf(Class<?> type) {
        String jar = Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .getFileName()
                .toString();
        return jar.replaceAll("^.*-([0-9.]*)\\.jar$", "$1");
    }

    @ParameterizedTest
    @ValueSource(classes = {ClusterMirror.class, MemoryStateStore.class, EtcdStateReader.class})
    void everythingThatIsNamedOfALibraryIsThere(Class<?> module) throws Exception {
        Set<References.Reference> all = References.beside(module);

        Set<String> missing = all.stream()
                .filter(each -> !each.isThere())
                .map(References.Reference::toString)
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(Set.of(), missing);
        assertFalse(all.isEmpty());
    }

    @Test
    void aMirrorWithTheMemoryStoreLoadsAndTakesInEvents() throws Exception {
        try (Scene scene = new Scene(new MemoryStateStore())) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            MirrorMetrics.of(scene.mirror).bindTo(meters);

            scene.awaitEvents();

            assertTrue(meters.get("css.deliveries")
                            .tag("outcome", "applied")
                            .functionCounter()
                            .count()
                    > 20);
        }
    }

    @Test
    void aClientOverAViewRunsPaginatorsAndWaiters() throws Exception {
        try (Scene scene = new Scene(new MemoryStateStore())) {
            scene.mirror.view().awaitReady(LIMIT);
            ViewEcsClient client =
                    ViewEcsClient.over(scene.mirror.view(), scene.ecs).build();

            List<String> arns = client.listTasksPaginator(request -> request.maxResults(7)).taskArns().stream()
                    .toList();
            boolean isRunning = client.waiter()
                    .waitUntilTasksRunning(request -> request.tasks(arns))
                    .matched()
                    .response()
                    .isPresent();
            client.listTaskDefinitions();

            assertTrue(isRunning);
            assertEquals(1, client.counts().totalDelegated(), client.counts()::toString);
        }
    }

    @Test
    void anAsynchronousClientOverAViewRunsPaginatorsAndWaiters() throws Exception {
        try (Scene scene = new Scene(new MemoryStateStore())) {
            scene.mirror.view().awaitReady(LIMIT);
            ViewEcsAsyncClient client = ViewEcsAsyncClient.over(scene.mirror.view(), notToBeCalled())
                    .build();
            var arns = new ConcurrentLinkedQueue<String>();

            client.listTasksPaginator(request -> request.maxResults(7))
                    .taskArns()
                    .subscribe(arns::add)
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            boolean isRunning = client.waiter()
                    .waitUntilTasksRunning(request -> request.tasks(arns))
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .matched()
                    .response()
                    .isPresent();

            assertTrue(isRunning);
            assertEquals(0, client.counts().totalDelegated(), client.counts()::toString);
        }
    }

    private static EcsAsyncClient notToBeCalled() {
        return (EcsAsyncClient) Proxy.newProxyInstance(
                EcsAsyncClient.class.getClassLoader(), new Class<?>[] {EcsAsyncClient.class}, (proxy, method, args) -> {
                    throw new AssertionError("a call of " + method.getName());
                });
    }

    @Test
    void aReaderFollowsAMirrorWithTheEtcdStore() throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            Etcd etcd = Etcd.at(server.endpoint().toString());
            try (Scene scene = new Scene(EtcdStateStore.of(etcd));
                    EtcdStateReader reader = EtcdStateReader.of(etcd)) {
                reader.start();
                reader.view().awaitReady(LIMIT);

                scene.awaitEvents();

                assertTrue(reader.view().awaitCurrent(LIMIT).tasks().count() > 0);
            }
        }
    }

    /** A mirror of a simulated ECS. */
    private static final class Scene implements AutoCloseable {

        final ClusterMirror mirror;
        private final Simulator simulator =
                Simulator.builder().seed(1).clusters(1).tasks(20).build();
        private final EcsClient ecs;
        private final SqsClient sqs;

        Scene(StateStore store) throws Exception {
            simulator.start();
            ecs = at(simulator.ecsEndpoint(), EcsClient.builder()).build();
            sqs = at(simulator.sqsEndpoint(), SqsClient.builder()).build();
            mirror = ClusterMirror.builder()
                    .ecs(ecs)
                    .events(SqsEventSource.of(sqs, simulator.queueName()).waitingUpTo(Duration.ofSeconds(1)))
                    .store(store)
                    .build();
            mirror.start();
        }

        void awaitEvents() throws Exception {
            mirror.view().awaitReady(LIMIT);
            simulator.drive(30);

            await(() -> count(DeliveryOutcome.APPLIED) > 20 && count(DeliveryOutcome.DESCRIBED) > 0);

            assertEquals(0, count(DeliveryOutcome.UNREADABLE));
            assertEquals(List.of(), mirror.status().problems());
        }

        private long count(DeliveryOutcome outcome) {
            return mirror.status().deliveries().getOrDefault(outcome, 0L);
        }

        private static <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B at(URI endpoint, B builder) {
            return builder.endpointOverride(endpoint)
                    .region(Region.US_EAST_1)
                    .credentialsProvider(
                            StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")))
                    .httpClientBuilder(UrlConnectionHttpClient.builder());
        }

        @Override
        public void close() {
            mirror.close();
            sqs.close();
            ecs.close();
            simulator.close();
        }
    }
}
