package io.clusterstate.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The set-up of AWS that brings events to a queue: EventBridge's rule with its target, and the queue's policy,
 * retention and encryption, which the queue server itself does not keep. It serves the SQS API in front of a
 * simulator's queue, and the reads of EventBridge. At first all is as a template would make it; a test breaks parts.
 *
 * <p>It only describes the route: the simulator's events reach the queue whatever the rule says.
 *
 * <p>Thread: safe for any thread.
 */
public final class EventRoute implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RULE = "css-events";
    private static final String PATTERN =
            """
            {"source":["aws.ecs"],"detail-type":["ECS Task State Change","ECS Container Instance State Change",
            "ECS Service Action","ECS Deployment State Change"]}""";

    private final URI sqs;
    private final String queueArn;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> attributes = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> rules = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> targets = new ConcurrentHashMap<>();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final Javalin server;

    private EventRoute(URI sqs, String queueArn) {
        this.sqs = sqs;
        this.queueArn = queueArn;
        this.server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.startup.startupWatcherEnabled = false;
                    config.routes.post("/", this::answer);
                    config.routes.post("/*", this::answer);
                })
                .start("127.0.0.1", 0);
    }

    /**
     * Opens the route to a simulator's queue, and gives the queue a dead-letter queue.
     *
     * @param simulator a started simulator with a queue
     * @return the route; close it before the simulator
     */
    public static EventRoute of(Simulator simulator) {
        SqsClient client = simulator.sqsClient();
        String url = simulator.queueUrl();
        String queue = arn(client, url);
        String dead = client.createQueue(it -> it.queueName(simulator.queueName() + "_dead"))
                .queueUrl();
        String redrive = "{\"deadLetterTargetArn\":\"" + arn(client, dead) + "\",\"maxReceiveCount\":10}";
        client.setQueueAttributes(
                it -> it.queueUrl(url).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, redrive)));
        EventRoute route = new EventRoute(simulator.sqsEndpoint(), queue);
        route.rule(RULE, PATTERN, true);
        route.attribute("MessageRetentionPeriod", "86400");
        route.attribute("SqsManagedSseEnabled", "true");
        route.attribute("Policy", route.policy());
        return route;
    }

    private static String arn(SqsClient client, String url) {
        return client.getQueueAttributes(it -> it.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
    }

    private String policy() {
        return """
                {"Version":"2012-10-17","Statement":[{"Sid":"OnlyTheRuleSends","Effect":"Allow",
                "Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"%s",
                "Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}]}"""
                .formatted(queueArn, ruleArn(RULE));
    }

    /**
     * The endpoint of SQS and of EventBridge.
     *
     * @return a URL of the loopback interface
     */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /**
     * Gives the queue an attribute that SQS reports, in place of the queue server's own.
     *
     * @param name the name, such as Policy
     * @param value the value; an empty one for an attribute that is absent
     */
    public void attribute(String name, String value) {
        attributes.put(name, value);
    }

    /**
     * Makes or replaces a rule whose target is the queue.
     *
     * @param name the rule's name
     * @param pattern its event pattern
     * @param enabled whether it is enabled
     */
    public void rule(String name, String pattern, boolean enabled) {
        ObjectNode rule = JSON.createObjectNode();
        rule.put("Name", name).put("Arn", ruleArn(name)).put("EventBusName", "default");
        rule.put("EventPattern", pattern).put("State", enabled ? "ENABLED" : "DISABLED");
        rules.put(name, rule);
        targets.put(name, JSON.createObjectNode().put("Id", "css").put("Arn", queueArn));
    }

    /**
     * Makes the target of a rule receive a part of each event.
     *
     * @param name the rule's name
     * @param path the part, such as $.detail
     */
    public void inputPath(String name, String path) {
        targetOf(name).put("InputPath", path);
    }

    /**
     * Makes an SNS topic the target of a rule.
     *
     * @param name the rule's name
     * @param topicArn the topic
     */
    public void topic(String name, String topicArn) {
        targetOf(name).put("Arn", topicArn);
    }

    private ObjectNode targetOf(String name) {
        ObjectNode target = targets.get(name);
        if (target == null) {
            throw new IllegalArgumentException("name: " + name + " (expected: one of " + targets.keySet() + ")");
        }
        return target;
    }

    /** Removes all rules. */
    public void removeRules() {
        rules.clear();
        targets.clear();
    }

    /**
     * Denies an operation of SQS or EventBridge, as if the caller lacked the right.
     *
     * @param operation such as TagQueue
     */
    public void deny(String operation) {
        denied.add(operation);
    }

    @Override
    public void close() {
        server.stop();
    }

    private String ruleArn(String name) {
        String[] parts = queueArn.split(":", -1);
        return String.join(":", parts[0], parts[1], "events", parts[3], parts[4], "rule/" + name);
    }

    private void answer(Context call) throws IOException, InterruptedException {
        String target = String.valueOf(call.header("X-Amz-Target"));
        String operation = target.substring(target.indexOf('.') + 1);
        call.contentType(target.startsWith("AWSEvents") ? "application/x-amz-json-1.1" : "application/x-amz-json-1.0");
        if (denied.contains(operation)) {
            call.status(400).result("{\"__type\":\"AccessDeniedException\",\"message\":\"not authorized to perform\"}");
        } else if (target.startsWith("AWSEvents")) {
            call.result(JSON.writeValueAsBytes(rules(operation, JSON.readTree(call.bodyAsBytes()))));
        } else {
            forward(call, operation);
        }
    }

    private JsonNode rules(String operation, JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        switch (operation) {
            case "ListRuleNamesByTarget" -> {
                var names = answer.putArray("RuleNames");
                targets.forEach((name, target) -> {
                    if (target.get("Arn").equals(request.get("TargetArn"))) {
                        names.add(name);
                    }
                });
            }
            case "DescribeRule" -> answer.setAll(rules.get(request.get("Name").asText()));
            case "ListTargetsByRule" ->
                answer.putArray("Targets").add(targets.get(request.get("Rule").asText()));
            default -> answer.put("__type", "UnknownOperationException");
        }
        return answer;
    }

    private void forward(Context call, String operation) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(sqs.resolve(call.path()))
                .header("X-Amz-Target", String.valueOf(call.header("X-Amz-Target")))
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(call.bodyAsBytes()))
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        boolean isRead = operation.equals("GetQueueAttributes") && answer.statusCode() == 200;
        call.status(answer.statusCode()).result(isRead ? merged(answer.body()) : answer.body());
    }

    private byte[] merged(byte[] body) throws IOException {
        ObjectNode answer = (ObjectNode) JSON.readTree(body);
        ObjectNode all = answer.withObject("/Attributes");
        attributes.forEach((name, value) -> {
            if (value.isEmpty()) {
                all.remove(name);
            } else {
                all.put(name, value);
            }
        });
        return JSON.writeValueAsBytes(answer);
    }
}
