package io.clusterstate.benchmarks;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.spi.Upsert;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Makes sample tasks of two containers, as state-change events and as DescribeTasks responses. Fields and lengths of
 * values follow those of ECS; the ids differ from task to task.
 */
final class TaskSamples {

    /** The launch type of the tasks. */
    enum Launch {
        FARGATE,
        EC2
    }

    /** The list of resources, which precedes every other ARN. */
    private static final String ARN_FIELD = "\"resources\":[\"";

    private static final int FAMILIES = 50;
    private static final int DISTINCT = 1_000;
    private static final Instant BEGIN = Instant.parse("2026-01-05T08:00:00.123Z");

    private final Launch launch;
    private final String cluster;
    private final Map<String, Task> likenesses = new ConcurrentHashMap<>();

    TaskSamples(Launch launch, String cluster) {
        this.launch = launch;
        this.cluster = cluster;
    }

    String arn(int number) {
        return SampleIds.task(number, cluster).taskArn();
    }

    /** The ARN of the task that an event is about. */
    String arnIn(String event) {
        int begin = event.indexOf(ARN_FIELD) + ARN_FIELD.length();
        return event.substring(begin, event.indexOf('"', begin));
    }

    /** A state-change event of a task that reached this status. */
    String event(int number, TaskStatus status) {
        SampleIds task = SampleIds.task(number, cluster);
        return EcsJson.object(
                EcsJson.Dialect.EVENT,
                json -> EventEnvelope.write(
                        json,
                        "ECS Task State Change",
                        task.uuid(status.version()),
                        task.taskArn(),
                        detail -> writeTask(detail, task, status)));
    }

    /**
     * The change that such an event carries, made cheaply to fill a store. Tasks whose numbers differ by a multiple of
     * {@value #DISTINCT} are equal but for the ARN, so only the first {@value #DISTINCT} are decoded.
     */
    Upsert<Task> upsert(int number, TaskStatus status) {
        Task likeness = likenesses.computeIfAbsent(status.name() + number % DISTINCT, unknown -> (Task)
                SampleChanges.of(event(number % DISTINCT, status)).observed().value());
        Task task = likeness.toBuilder().taskArn(arn(number)).build();
        return Upsert.of(EntityKind.TASK, likeness.clusterArn(), task, Origin.EVENT, SampleChanges.RECEIVED);
    }

    /** A DescribeTasks response with running tasks. */
    String described(int first, int count) {
        return EcsJson.object(EcsJson.Dialect.API, answer -> answer.array("tasks", list -> {
                    for (int number : IntStream.range(first, first + count).toArray()) {
                        list.element(json -> writeTask(json, SampleIds.task(number, cluster), TaskStatus.RUNNING));
                    }
                })
                .emptyArray("failures"));
    }

    private void writeTask(EcsJson json, SampleIds task, TaskStatus status) throws IOException {
        Instant created = BEGIN.plusSeconds(task.number() * 3L);
        String family = "checkout-" + task.number() % FAMILIES;
        if (launch == Launch.FARGATE) {
            json.array("attachments", list -> list.element(eni -> writeInterface(eni, task, status)));
        } else {
            json.emptyArray("attachments");
        }
        json.array("attributes", list -> list.pair("ecs.cpu-architecture", "x86_64"))
                .text("availabilityZone", "eu-west-1" + (char) ('a' + task.number() % 3))
                .text("clusterArn", task.clusterArn());
        if (status.hasPulled()) {
            json.text("connectivity", "CONNECTED").moment("connectivityAt", created.plusSeconds(11));
        }
        if (launch == Launch.EC2) {
            json.text("capacityProviderName", "spot-fleet-large")
                    .text(
                            "containerInstanceArn",
                            SampleIds.instance(task.number() / 20, cluster).instanceArn());
        }
        json.array("containers", list -> {
            list.element(container -> writeContainer(container, task, 0, "log-router", status));
            list.element(container -> writeContainer(container, task, 1, family, status));
        });
        writeTimes(json, created, status);
        json.text("cpu", "512")
                .text("desiredStatus", status.desiredStatus())
                .flag("enableExecuteCommand", false)
                .text("group", "service:" + family)
                .text("launchType", launch.name())
                .text("lastStatus", status.name())
                .text("memory", "1024")
                .object("overrides", overrides -> writeOverrides(overrides, family))
                .text("startedBy", "ecs-svc/" + (7_000_000_000_000_000_000L + task.number() % FAMILIES))
                .text("taskArn", task.taskArn())
                .text("taskDefinitionArn", task.taskDefinitionArn(family))
                .number("version", status.version());
        if (launch == Launch.FARGATE) {
            json.object("ephemeralStorage", storage -> storage.number("sizeInGiB", 20))
                    .text("platformFamily", "Linux")
                    .text("platformVersion", "1.4.0");
        }
        if (!json.isEvent()) {
            json.text("healthStatus", "HEALTHY")
                    .array(
                            "tags",
                            list -> list.element(tag -> tag.text("key", "team").text("value", "payments")));
        }
    }

    private static void writeOverrides(EcsJson json, String family) throws IOException {
        json.array("containerOverrides", list -> {
            list.element(container -> container.text("name", "log-router"));
            list.element(container -> container.text("name", family));
        });
        if (!json.isEvent()) {
            json.emptyArray("inferenceAcceleratorOverrides");
        }
    }

    private static void writeTimes(EcsJson json, Instant created, TaskStatus status) throws IOException {
        json.moment("createdAt", created);
        if (status.hasPulled()) {
            json.moment("pullStartedAt", created.plusMillis(12_345))
                    .moment("pullStoppedAt", created.plusMillis(19_876));
        }
        if (status.hasStarted()) {
            json.moment("startedAt", created.plusMillis(23_456));
        }
        if (status.isEnding()) {
            json.moment("stoppingAt", created.plusSeconds(3_600))
                    .text("stopCode", "ServiceSchedulerInitiated")
                    .text("stoppedReason", "Scaling activity initiated by (deployment ecs-svc/7000000000000000000)");
        }
        if (status == TaskStatus.STOPPED) {
            // The time lies in the future, so that a store keeps the task on any day of the run.
            json.moment("stoppedAt", Instant.parse("2100-01-01T00:00:00.5Z"));
        }
        if (json.isEvent()) {
            json.moment("updatedAt", created.plusMillis(23_456 + status.version()));
        }
    }

    private static void writeInterface(EcsJson json, SampleIds task, TaskStatus status) throws IOException {
        json.text("id", task.uuid(21))
                .text("type", json.isEvent() ? "eni" : "ElasticNetworkInterface")
                .text("status", status.interfaceStatus())
                .array("details", list -> {
                    list.pair("subnetId", "subnet-0d0eab1bb38d5ca6" + task.number() % 3);
                    if (status != TaskStatus.PROVISIONING) {
                        list.pair("networkInterfaceId", "eni-" + task.hex(22, 17))
                                .pair("macAddress", "0a:58:" + task.hex(23, 2) + ":9b:ce:" + task.hex(24, 2))
                                .pair("privateDnsName", "ip-" + task.address().replace('.', '-') + ".ec2.internal")
                                .pair("privateIPv4Address", task.address());
                    }
                });
    }

    private void writeContainer(EcsJson json, SampleIds task, int container, String name, TaskStatus status)
            throws IOException {
        json.text("containerArn", task.containerArn(container))
                .text("taskArn", task.taskArn())
                .text("lastStatus", status.isEnding() ? "STOPPED" : status.hasStarted() ? "RUNNING" : "PENDING")
                .text("name", name)
                .text(
                        "image",
                        SampleIds.ACCOUNT + ".dkr.ecr." + SampleIds.REGION + ".amazonaws.com/" + name + ":v1.32.0")
                .text("cpu", "256")
                .text("memory", "512");
        if (status.hasPulled()) {
            SampleIds image = SampleIds.task(name.hashCode(), cluster);
            json.text("imageDigest", "sha256:" + image.hex(25, 64))
                    .text(
                            "runtimeId",
                            launch == Launch.FARGATE
                                    ? task.hex(26 + container, 32) + "-0265927825"
                                    : task.hex(26 + container, 64));
        }
        if (status.isEnding()) {
            json.number("exitCode", 0);
        }
        writeNetwork(json, task, status);
        if (!json.isEvent()) {
            json.text("healthStatus", "HEALTHY");
        }
    }

    private void writeNetwork(EcsJson json, SampleIds task, TaskStatus status) throws IOException {
        if (launch == Launch.FARGATE) {
            json.array("networkInterfaces", list -> {
                if (status != TaskStatus.PROVISIONING) {
                    list.element(each ->
                            each.text("attachmentId", task.uuid(21)).text("privateIpv4Address", task.address()));
                }
            });
            if (!json.isEvent()) {
                json.emptyArray("networkBindings");
            }
            return;
        }
        json.array(
                        "networkBindings",
                        list -> list.element(binding -> binding.text("bindIP", "0.0.0.0")
                                .text("protocol", "tcp")
                                .number("containerPort", 8080)
                                .number("hostPort", 32_768 + task.number() % 20_000)))
                .emptyArray("networkInterfaces");
    }
}
