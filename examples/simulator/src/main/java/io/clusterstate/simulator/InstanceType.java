package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Resource;

/** The EC2 instance types of hosts, with the resources that each registers. */
enum InstanceType {
    M5_LARGE(2_048, 7_680, 0),
    M5_2XLARGE(8_192, 31_700, 0),
    C5_4XLARGE(16_384, 30_700, 0),
    R5_XLARGE(4_096, 31_700, 0),
    G4DN_12XLARGE(49_152, 191_000, 4);

    private static final List<String> RESERVED_PORTS = List.of("22", "2375", "2376", "51678", "51679");
    private static final List<String> CAPABILITIES = List.of(
            "com.amazonaws.ecs.capability.docker-remote-api.1.17",
            "com.amazonaws.ecs.capability.docker-remote-api.1.18",
            "com.amazonaws.ecs.capability.docker-remote-api.1.19",
            "com.amazonaws.ecs.capability.docker-remote-api.1.21",
            "com.amazonaws.ecs.capability.docker-remote-api.1.25",
            "com.amazonaws.ecs.capability.ecr-auth",
            "com.amazonaws.ecs.capability.logging-driver.awslogs",
            "com.amazonaws.ecs.capability.logging-driver.json-file",
            "com.amazonaws.ecs.capability.logging-driver.syslog",
            "com.amazonaws.ecs.capability.privileged-container",
            "com.amazonaws.ecs.capability.task-iam-role",
            "com.amazonaws.ecs.capability.task-iam-role-network-host",
            "ecs.capability.aws-appmesh",
            "ecs.capability.container-health-check",
            "ecs.capability.container-ordering",
            "ecs.capability.efs",
            "ecs.capability.execution-role-awslogs",
            "ecs.capability.execution-role-ecr-pull",
            "ecs.capability.full-sync",
            "ecs.capability.pid-ipc-namespace-sharing",
            "ecs.capability.private-registry-authentication.secretsmanager",
            "ecs.capability.secrets.asm.environment-variables",
            "ecs.capability.secrets.ssm.environment-variables",
            "ecs.capability.task-eni");

    private final int cpu;
    private final int memory;
    private final int gpus;

    InstanceType(int cpu, int memory, int gpus) {
        this.cpu = cpu;
        this.memory = memory;
        this.gpus = gpus;
    }

    /** A type on which at least one task of the template fits. */
    static InstanceType suiting(TaskTemplate template, Randomness random) {
        return template.gpus() > 0 ? G4DN_12XLARGE : random.oneOf(List.of(M5_LARGE, M5_2XLARGE, C5_4XLARGE, R5_XLARGE));
    }

    /** AWS's name of the type, such as m5.large. */
    String instanceType() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    List<Resource> resources(Randomness random) {
        var resources = new ArrayList<Resource>();
        resources.add(Resources.number("CPU", cpu));
        resources.add(Resources.number("MEMORY", memory));
        resources.add(Resources.set("PORTS", RESERVED_PORTS));
        resources.add(Resources.set("PORTS_UDP", List.of()));
        if (gpus > 0) {
            var ids = new ArrayList<String>();
            for (int i = 0; i < gpus; i++) {
                ids.add("GPU-" + random.uuid());
            }
            resources.add(Resources.set("GPU", ids));
        }
        return List.copyOf(resources);
    }

    List<Attribute> attributes(String zone) {
        var attributes = new ArrayList<Attribute>();
        CAPABILITIES.forEach(
                name -> attributes.add(Attribute.builder().name(name).build()));
        attributes.add(attribute("ecs.instance-type", instanceType()));
        attributes.add(attribute("ecs.availability-zone", zone));
        attributes.add(attribute("ecs.os-type", "linux"));
        attributes.add(attribute("ecs.os-family", "LINUX"));
        attributes.add(attribute("ecs.cpu-architecture", "x86_64"));
        attributes.add(attribute("ecs.ami-id", "ami-0c1e7b5a4d3f2e190"));
        attributes.add(attribute("ecs.awsvpc-trunk-id", ""));
        return List.copyOf(attributes);
    }

    static Attribute attribute(String name, String value) {
        return value.isEmpty()
                ? Attribute.builder().name(name).build()
                : Attribute.builder().name(name).value(value).build();
    }
}
