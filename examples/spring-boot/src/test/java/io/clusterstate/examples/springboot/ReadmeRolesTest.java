package io.clusterstate.examples.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clusterstate.mirror.MirrorPlace;
import io.clusterstate.simulator.Simulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** The client of a place with a role, whose credentials come from a server in the place of STS. */
@Isolated // sets the properties by which every client of the SDK in this JVM finds ECS and STS
class ReadmeRolesTest {

    private static final String ENDPOINT_OF_ECS = "aws.endpointUrlEcs";
    private static final String ANSWER =
            """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
            <AccessKeyId>assumed</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
            <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>""";

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Simulator simulator =
            Simulator.builder().region("eu-west-1").account("111122223333").build();
    private HttpServer server;
    private StsClient sts;

    @BeforeEach
    void open() throws IOException {
        simulator.start();
        System.setProperty(ENDPOINT_OF_ECS, simulator.ecsEndpoint().toString());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        sts = StsClient.builder()
                .region(Region.EU_WEST_1)
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("own", "own")))
                .build();
    }

    @AfterEach
    void close() {
        System.clearProperty(ENDPOINT_OF_ECS);
        sts.close();
        server.stop(0);
        simulator.close();
    }

    // region: assume-role
    private EcsClient ecsClient(MirrorPlace place) {
        return EcsClient.builder()
                .region(Region.of(place.region()))
                .credentialsProvider(StsAssumeRoleCredentialsProvider.builder()
                        .stsClient(sts) // one client of STS for all places, with the process's own credentials
                        .refreshRequest(request ->
                                request.roleArn(place.role().orElseThrow()).roleSessionName("css"))
                        .build())
                .build();
    }
    // end: assume-role

    @Test
    void aClientAssumesTheRoleOfItsPlace() {
        MirrorPlace place = MirrorPlace.of("eu-west-1", "arn:aws:iam::111122223333:role/css");

        try (EcsClient client = ecsClient(place)) {
            assertEquals(
                    simulator.truth().clusters().size(),
                    client.listClusters().clusterArns().size());
        }

        assertTrue(requests.get(0).contains("RoleArn=arn:aws:iam::111122223333:role/css"), requests.toString());
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(URLDecoder.decode(new String(body, StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
