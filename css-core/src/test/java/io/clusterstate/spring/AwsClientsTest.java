package io.clusterstate.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.SimulatorFixture;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The clients of the SDK: those that the jar makes, and the choice among those of the host. */
class AwsClientsTest {

    private static SimulatorFixture world;

    private final ApplicationContextRunner host = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ViewAutoConfiguration.class, MirrorAutoConfiguration.class, EventSourceAutoConfiguration.class))
            .withPropertyValues("css.queue=" + world.simulator().queueUrl(), "css.poll-wait=1s")
            .withBean(StateStore.class, ReferenceStore::new);

    @BeforeAll
    static void begin() {
        world = new SimulatorFixture(Simulator.builder().clusters(1).tasks(5));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    /** Nothing starts, since a view of the host is there to manage; so no client makes a call. */
    private ApplicationContextRunner withoutAStart() {
        ClusterMirror elsewhere = ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(new ReferenceStore())
                .build();
        return host.withBean(
                ManagedView.class, () -> new ManagedView(elsewhere.view(), () -> {}, elsewhere::close, List::of));
    }

    @Test
    void credentialsAndRegionOfTheHostReachBothClients() {
        AwsCredentialsProvider credentials = AnonymousCredentialsProvider.create();
        withoutAStart()
                .withBean(AwsCredentialsProvider.class, () -> credentials)
                .withBean(AwsRegionProvider.class, () -> () -> Region.EU_SOUTH_2)
                .run(context -> {
                    assertUses(credentials, context.getBean(EcsClient.class).serviceClientConfiguration());
                    assertUses(credentials, context.getBean(SqsClient.class).serviceClientConfiguration());
                });
    }

    private static void assertUses(AwsCredentialsProvider credentials, AwsServiceClientConfiguration client) {
        assertThat(client).extracting("credentialsProvider").isSameAs(credentials);
        assertThat(client.region()).isEqualTo(Region.EU_SOUTH_2);
    }

    @Test
    void twoCredentialsWithoutAPrimaryBeanFailTheStart() {
        withoutAStart()
                .withBean(AwsRegionProvider.class, () -> () -> Region.EU_SOUTH_2)
                .withBean("mine", AwsCredentialsProvider.class, AnonymousCredentialsProvider::create)
                .withBean("theirs", AwsCredentialsProvider.class, AnonymousCredentialsProvider::create)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(NoUniqueBeanDefinitionException.class)
                        .hasMessageContaining("mine,theirs"));
    }
}
