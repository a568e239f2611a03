package io.clusterstate.benchmarks;

import java.io.IOException;
import java.util.List;

/** Makes sample state-change events of container instances. */
final class InstanceSamples {

    private static final int CPU = 8192;
    private static final int MEMORY = 31_560;
    private static final List<String> PORTS = List.of("22", "2376", "2375", "51678", "51679");
    private static final List<String> CAPABILITIES = List.of(
            "ecs.capability.secrets.asm.environment-variables",
            "ecs.capability.branch-cni-plugin-version",
            "com.amazonaws.ecs.capability.docker-remote-api.1.32",
            "com.amazonaws.ecs.capability.logging-driver.awslogs",
            "com.amazonaws.ecs.capability.task-iam-role",
            "ecs.capability.execution-role-ecr-pull",
            "ecs.capability.task-eni",
            "ecs.capability.efs");

    private final String cluster;

    InstanceSamples(String cluster) {
        this.cluster = cluster;
    }

    /** An event with the remaining resources of an instance. */
    String event(int number, int version, int freeCpu, int freeMemory) {
        SampleIds instance = SampleIds.instance(number, cluster);
        return EcsJson.object(
                EcsJson.Dialect.EVENT,
                json -> EventEnvelope.write(
                        json,
                        "ECS Container Instance State Change",
                        instance.uuid(version),
                        instance.instanceArn(),
                        detail -> writeInstance(detail, instance, version, freeCpu, freeMemory)));
    }

    private static void writeInstance(EcsJson json, SampleIds instance, int version, int freeCpu, int freeMemory)
            throws IOException {
        json.flag("agentConnected", true)
                .array("attributes", list -> writeAttributes(list, instance))
                .text("clusterArn", instance.clusterArn())
                .text("containerInstanceArn", instance.instanceArn())
                .text("ec2InstanceId", "i-" + instance.hex(31, 17))
                .array("registeredResources", list -> writeResources(list, CPU, MEMORY))
                .array("remainingResources", list -> writeResources(list, freeCpu, freeMemory))
                .text("registeredAt", "2026-01-04T11:12:13.456Z")
                .text("status", "ACTIVE")
                .text("updatedAt", "2026-01-05T08:00:24.117Z")
                .number("version", version)
                .object("versionInfo", agent -> agent.text("agentHash", "7f1b2a9c")
                        .text("agentVersion", "1.98.0")
                        .text("dockerVersion", "DockerVersion: 25.0.13"));
    }

    private static void writeAttributes(EcsJson json, SampleIds instance) throws IOException {
        for (String capability : CAPABILITIES) {
            json.element(attribute -> attribute.text("name", capability));
        }
        json.pair("ecs.availability-zone", "eu-west-1" + (char) ('a' + instance.number() % 3))
                .pair("ecs.instance-type", "m5.2xlarge")
                .pair("ecs.os-type", "linux")
                .pair("ecs.cpu-architecture", "x86_64")
                .pair("ecs.ami-id", "ami-0d71ea30463e0ff8d")
                .pair("ecs.subnet-id", "subnet-0d0eab1bb38d5ca6" + instance.number() % 3)
                .pair("ecs.vpc-id", "vpc-0a1b2c3d4e5f60718");
    }

    private static void writeResources(EcsJson json, int cpu, int memory) throws IOException {
        writeNumber(json, "CPU", cpu);
        writeNumber(json, "MEMORY", memory);
        writeSet(json, "PORTS", PORTS);
        writeSet(json, "PORTS_UDP", List.of());
    }

    private static void writeNumber(EcsJson json, String name, int value) throws IOException {
        json.element(
                resource -> resource.text("name", name).text("type", "INTEGER").number("integerValue", value));
    }

    private static void writeSet(EcsJson json, String name, List<String> values) throws IOException {
        json.element(resource -> resource.text("name", name)
                .text("type", "STRINGSET")
                .array("stringSetValue", list -> {
                    for (String value : values) {
                        list.element(value);
                    }
                }));
    }
}
