package io.clusterstate.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterstate.ClusterStateView;
import io.clusterstate.client.ViewEcsClient;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.SimulatorFixture;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
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

    @Test
    void ofSeveralClientsTheNamedOnesServeTheMirror() {
        host.withBean("another", EcsClient.class, () -> nowhere(EcsClient.builder()))
                .withBean("cssEcsClient", EcsClient.class, world::ecs, AwsClientsTest::isOfTheTest)
                .withBean("anotherQueue", SqsClient.class, () -> nowhere(SqsClient.builder()))
                .withBean("cssSqsClient", SqsClient.class, world::sqs, AwsClientsTest::isOfTheTest)
                .run(AwsClientsTest::assertReady);
    }

    @Test
    void aNamedClientMayBeForTheMirrorAlone() {
        host.withBean("cssEcsClient", EcsClient.class, world::ecs, AwsClientsTest::notByDefault)
                .withBean("cssSqsClient", SqsClient.class, world::sqs, AwsClientsTest::notByDefault)
                .run(context -> {
                    assertThat(context).hasSingleBean(EcsClient.class).hasSingleBean(SqsClient.class);
                    assertReady(context);
                });
    }

    @Test
    void besideTheNamedClientTheViewsClientMayBeThePrimaryBean() {
        host.withBean(SqsClient.class, world::sqs, AwsClientsTest::isOfTheTest)
                .withBean("cssEcsClient", EcsClient.class, world::ecs, AwsClientsTest::isOfTheTest)
                .withUserConfiguration(PrimaryClientOfTheView.class)
                .run(context -> {
                    assertReady(context);
                    ViewEcsClient client = (ViewEcsClient) context.getBean(EcsClient.class);
                    assertThat(client.listClusters().clusterArns()).hasSize(1);
                    assertThat(client.delegate()).isSameAs(context.getBean("cssEcsClient"));
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class PrimaryClientOfTheView {

        @Bean
        @Primary
        EcsClient viewEcsClient(ClusterStateView view, @Qualifier("cssEcsClient") EcsClient ecs) {
            return ViewEcsClient.over(view, ecs).allClusters().build();
        }
    }

    private static void assertReady(AssertableApplicationContext context) throws Exception {
        ClusterStateView view = context.getBean(ClusterStateView.class);
        view.awaitReady(Duration.ofSeconds(30));
        assertThat(view.snapshot().tasks().count()).isEqualTo(5);
        assertThat(context.getBean(ClusterMirror.class).status().problems()).isEmpty();
    }

    private static void isOfTheTest(BeanDefinition definition) {
        definition.setDestroyMethodName("");
    }

    private static void notByDefault(BeanDefinition definition) {
        isOfTheTest(definition);
        ((AbstractBeanDefinition) definition).setDefaultCandidate(false);
    }

    /** A client whose calls fail at once. */
    private static <B extends AwsClientBuilder<B, C>, C> C nowhere(B client) {
        return client.endpointOverride(URI.create("http://127.0.0.1:1"))
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
    }
}
