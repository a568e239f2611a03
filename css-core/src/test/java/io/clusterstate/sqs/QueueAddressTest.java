package io.clusterstate.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.SimulatorFixture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** The forms of a queue's address, against a real queue server, with real clients of several Regions. */
class QueueAddressTest {

    private static SimulatorFixture world;

    @BeforeAll
    static void start() {
        world = new SimulatorFixture(Simulator.builder().clusters(1).tasks(0).instancesPerCluster(0));
        world.send("hello");
        world.comeAgainWithin(0);
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @ParameterizedTest
    @CsvSource({
        "us-east-1,      arn:aws:sqs:us-east-1:111122223333:css_queue,              111122223333",
        "cn-north-1,     arn:aws-cn:sqs:cn-north-1:111122223333:css_queue,          111122223333",
        "us-gov-west-1,  arn:aws-us-gov:sqs:us-gov-west-1:444455556666:css_queue,   444455556666",
        "eusc-de-east-1, arn:aws-eusc:sqs:eusc-de-east-1:111122223333:css_queue,    111122223333",
        "us-iso-east-1,  arn:aws-iso:sqs:us-iso-east-1:111122223333:css_queue,      111122223333",
        "eu-west-1,      css_queue,",
    })
    void isFoundByNameAndByArnInEachPartition(String region, String queue, String owner) throws Exception {
        List<SdkRequest> asked = new CopyOnWriteArrayList<>();
        try (SqsClient client = client(region, asked)) {
            SqsEventSource source = SqsEventSource.of(client, queue).waitingUpTo(SimulatorFixture.SHORT_WAIT);
            assertTrue(asked.isEmpty(), "nothing is called yet");

            assertEquals("hello", source.poll().get(0).body());

            GetQueueUrlRequest request = assertInstanceOf(GetQueueUrlRequest.class, asked.get(0));
            assertEquals("css_queue", request.queueName());
            assertEquals(owner, request.queueOwnerAWSAccountId());
            assertEquals("queue " + queue, source.toString());
        }
    }

    @Test
    void isTakenByUrlWithoutAsking() throws Exception {
        List<SdkRequest> asked = new CopyOnWriteArrayList<>();
        try (SqsClient client = client("us-east-1", asked)) {
            SqsEventSource source = SqsEventSource.of(client, world.simulator().queueUrl());

            assertEquals("hello", source.poll().get(0).body());

            assertTrue(asked.stream().noneMatch(GetQueueUrlRequest.class::isInstance));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:sns:us-east-1:111122223333:css_queue",
                "arn:aws:ecs:us-east-1:111122223333:cluster/default",
                "arn:aws:sqs:us-east-1:111122223333",
                "arn:aws:sqs:us-east-1::css_queue",
                "arn:aws:sqs::111122223333:css_queue",
                "arn:aws:sqs:us-east-1:1111-2222-3333:css_queue",
                "arn:aws:sqs:us-east-1:111122223333:css_queue:more",
                "arn:aws:sqs:us-east-1:111122223333:queue/css_queue",
                " arn:aws:sqs:us-east-1:111122223333:css_queue",
                "sqs.us-east-1.amazonaws.com/111122223333/css_queue",
                "css queue",
                "",
            })
    void whatIsNoQueueIsRefusedAtOnce(String queue) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> SqsEventSource.of(world.sqs(), queue));

        assertEquals(
                "queue: " + queue
                        + " (expected: a queue's name, its URL, or its ARN arn:PARTITION:sqs:REGION:ACCOUNT:NAME)",
                refused.getMessage());
    }

    @Test
    void anArnOfAnotherRegionIsRefusedAtOnce() {
        String arn = "arn:aws:sqs:eu-west-1:111122223333:css_queue";

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> SqsEventSource.of(world.sqs(), arn));

        assertEquals(
                "queue: " + arn + " (expected: an SQS client of the queue's Region, not of us-east-1)",
                refused.getMessage());
    }

    @Test
    void aClientThatDoesNotTellItsRegionIsBelieved() throws Exception {
        SqsEventSource source = SqsEventSource.of(silent(world.sqs()), "arn:aws:sqs:eu-west-1:111122223333:css_queue");

        assertEquals("hello", source.poll().get(0).body());
    }

    @Test
    void aNameThatIsNotFoundSaysHowAnotherAccountsQueueIsNamed() {
        SqsEventSource missing = SqsEventSource.of(world.sqs(), "no_such_queue");

        IllegalStateException failure = assertThrows(IllegalStateException.class, missing::poll);

        assertEquals(
                "queue no_such_queue: no queue of the SQS client's account in us-east-1 has this name"
                        + " (expected: one that does; a queue of another account by its ARN or URL)",
                failure.getMessage());
        assertInstanceOf(QueueDoesNotExistException.class, failure.getCause());
    }

    @Test
    void anArnOrUrlThatIsNotFoundSaysWhatMayHideTheQueue() {
        String arn = "arn:aws:sqs:us-east-1:111122223333:no_such_queue";
        String url = world.simulator().queueUrl().replace("css_queue", "no_such_queue");

        for (String named : List.of(arn, url)) {
            SqsEventSource missing = SqsEventSource.of(world.sqs(), named);
            IllegalStateException failure = assertThrows(IllegalStateException.class, missing::poll);

            assertEquals(
                    "queue " + named + ": does not exist in us-east-1, or is hidden from the SQS client's account"
                            + " (expected: a queue there, whose policy allows that account to use it)",
                    failure.getMessage());
        }
    }

    private static SqsClient client(String region, List<SdkRequest> asked) {
        return SqsClient.builder()
                .region(Region.of(region))
                .endpointOverride(world.simulator().sqsEndpoint())
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClientBuilder(Apache5HttpClient.builder())
                .overrideConfiguration(config -> config.addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                        asked.add(context.request());
                    }
                }))
                .build();
    }

    /** A host's own client, which leaves {@code serviceClientConfiguration} out. */
    private static SqsClient silent(SqsClient real) {
        return (SqsClient) Proxy.newProxyInstance(
                SqsClient.class.getClassLoader(), new Class<?>[] {SqsClient.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("serviceClientConfiguration")) {
                        throw new UnsupportedOperationException();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
