package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** The clients of a place, against a server that answers as STS and ECS do. */
@Timeout(300)
@Isolated("since the SDK reads endpoints and credentials from system properties")
class AwsClientsTest {

    private static final String ROLE = "arn:aws:iam::111122223333:role/css";
    private static final String ASSUMED =
            """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
            <AssumedRoleUser><AssumedRoleId>AROA:css</AssumedRoleId>
            <Arn>arn:aws:sts::111122223333:assumed-role/css/css</Arn></AssumedRoleUser>
            <Credentials><AccessKeyId>ASSUMEDKEY</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
            <SessionToken>token</SessionToken><Expiration>%s</Expiration></Credentials>
            </AssumeRoleResult></AssumeRoleResponse>
            """;

    private final List<String> assumed = new CopyOnWriteArrayList<>();
    private final List<String> signatures = new CopyOnWriteArrayList<>();
    private HttpServer aws;
    private Map<String, String> properties;

    @BeforeEach
    void start() throws IOException {
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.createContext("/", this::answer);
        aws.start();
        String endpoint = "http://127.0.0.1:" + aws.getAddress().getPort();
        properties = Map.of(
                "aws.endpointUrlSts",
                endpoint,
                "aws.endpointUrlEcs",
                endpoint,
                "aws.accessKeyId",
                "PROCESSKEY",
                "aws.secretAccessKey",
                "secret");
        properties.forEach(System::setProperty);
    }

    @AfterEach
    void stop() {
        properties.keySet().forEach(System::clearProperty);
        aws.stop(0);
    }

    private void answer(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String signature = call.getRequestHeaders().getFirst("Authorization");
        String answer = "{\"clusterArns\":[]}";
        if (body.contains("Action=AssumeRole")) {
            assumed.add(URLDecoder.decode(body, StandardCharsets.UTF_8) + " by " + signature);
            answer = ASSUMED.formatted(Instant.now().plusSeconds(3_600));
        } else {
            signatures.add(signature);
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        call.sendResponseHeaders(200, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }

    private static Place place(Optional<String> role) {
        return new Place(Optional.empty(), Optional.of("eu-west-1"), role, Optional.of("css"));
    }

    @Test
    void assumesTheRoleOnceAndCallsTheRegionWithIt() {
        try (AwsClients clients = AwsClients.of(place(Optional.of(ROLE)), "external")) {
            clients.ecs().listClusters();
            clients.ecs().listClusters();
        }

        assertEquals(1, assumed.size(), assumed.toString());
        String request = assumed.get(0);
        assertTrue(request.contains("RoleArn=" + ROLE), request);
        assertTrue(request.contains("ExternalId=external"), request);
        assertTrue(request.contains("RoleSessionName=css-state-server"), request);
        assertTrue(request.contains("Credential=PROCESSKEY/"), request);
        assertEquals(2, signatures.size());
        assertTrue(signatures.get(0).matches(".*Credential=ASSUMEDKEY/\\d+/eu-west-1/ecs/.*"), signatures.toString());
    }

    @Test
    void withoutARoleItCallsWithTheCredentialsOfTheProcess() {
        try (AwsClients clients = AwsClients.of(place(Optional.empty()), null)) {
            clients.ecs().listClusters();
        }

        assertEquals(List.of(), assumed);
        assertTrue(signatures.get(0).matches(".*Credential=PROCESSKEY/\\d+/eu-west-1/ecs/.*"), signatures.toString());
    }
}
