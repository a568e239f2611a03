package io.clusterstate.leastsdk;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.internal.shape.AwsSdk;
import io.clusterstate.leastsdk.References.Reference;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Runs css on the oldest AWS SDK that it supports. */
class LeastSdkTest {

    @Test
    void theSdkIsTheOneThatIsCalledTheLeast() throws ReflectiveOperationException {
        Object version = VersionInfo.class
                .getField("SDK_VERSION")
                .get(null); // read at run time, since a constant would be inlined

        assertEquals(AwsSdk.LEAST, version);
    }

    @ParameterizedTest
    @ValueSource(classes = {ClusterMirror.class, MemoryStateStore.class, EtcdStateReader.class})
    void everythingThatIsNamedOfTheSdkIsThere(Class<?> module) throws Exception {
        Set<Reference> all = References.beside(module);

        List<String> missing = new ArrayList<>();
        for (Reference each : all) {
            if (!isThere(each)) {
                missing.add(each.toString());
            }
        }

        assertEquals(List.of(), missing);
        assertTrue(!all.isEmpty(), "some references exist");
    }

    private static boolean isThere(Reference reference) {
        try {
            Class<?> owner =
                    Class.forName(reference.owner().replace('/', '.'), false, LeastSdkTest.class.getClassLoader());
            return reference.name().isEmpty() || has(owner, reference);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static boolean has(Class<?> type, Reference member) {
        if (type == null) {
            return false;
        }
        boolean isItsOwn =
                Stream.concat(Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors()))
                                .anyMatch(each -> isMethod(each, member))
                        || Arrays.stream(type.getDeclaredFields())
                                .anyMatch(field -> field.getName().equals(member.name())
                                        && field.getType().descriptorString().equals(member.descriptor()));
        return isItsOwn
                || has(type.getSuperclass(), member)
                || Arrays.stream(type.getInterfaces()).anyMatch(each -> has(each, member))
                || (type.isInterface() && has(Object.class, member));
    }

    private static boolean isMethod(Executable executable, Reference member) {
        boolean isConstructor = executable instanceof Constructor;
        Class<?> result = executable instanceof Method method ? method.getReturnType() : void.class;
        return (isConstructor ? "<init>" : executable.getName()).equals(member.name())
                && MethodType.methodType(result, executable.getParameterTypes())
                        .descriptorString()
                        .equals(member.descriptor());
    }

    @Test
    void aMirrorLoadsAndTakesInEvents() throws Exception {
        Simulator simulator = Simulator.builder().seed(1).clusters(1).tasks(20).build();
        simulator.start();
        try (EcsClient ecs = at(simulator.ecsEndpoint(), EcsClient.builder()).build();
                SqsClient sqs = at(simulator.sqsEndpoint(), SqsClient.builder()).build();
                ClusterMirror mirror = ClusterMirror.builder()
                        .ecs(ecs)
                        .events(SqsEventSource.of(sqs, simulator.queueName()).waitingUpTo(Duration.ofSeconds(1)))
                        .store(new MemoryStateStore())
                        .build()) {
            mirror.start();
            mirror.view().awaitReady(Duration.ofSeconds(30));
            simulator.drive(30);

            await(() -> count(mirror, DeliveryOutcome.APPLIED) > 20 && count(mirror, DeliveryOutcome.DESCRIBED) > 0);

            assertEquals(0, count(mirror, DeliveryOutcome.UNREADABLE));
            assertEquals(List.of(), mirror.status().problems());
        } finally {
            simulator.close();
        }
    }

    private static long count(ClusterMirror mirror, DeliveryOutcome outcome) {
        return mirror.status().deliveries().getOrDefault(outcome, 0L);
    }

    private static <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("simulated", "simulated")))
                .httpClientBuilder(ApacheHttpClient.builder());
    }
}
