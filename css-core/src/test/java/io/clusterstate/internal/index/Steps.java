package io.clusterstate.internal.index;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.gpus;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.Requirement.port;
import static io.clusterstate.Requirement.udpPort;

import io.clusterstate.ClusterQuery;
import io.clusterstate.EntityKind;
import io.clusterstate.InstanceQuery;
import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.Requirement;
import io.clusterstate.ServiceQuery;
import io.clusterstate.TaskDefinitionQuery;
import io.clusterstate.TaskQuery;
import io.clusterstate.TaskStatus;
import io.clusterstate.testing.Entities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Every step of every query, with values that a {@link RandomWorld} uses and some that it does not. */
final class Steps {

    private Steps() {}

    static <T, Q extends Query<T, Q>> List<Step<T, Q>> clusters() {
        List<Step<T, Q>> steps = new ArrayList<>();
        for (String name : List.of("prod", "test", "production", "elsewhere", "")) {
            steps.add(new Step<>(
                    "in " + name,
                    query -> query.in(name),
                    entity -> name.isEmpty()
                            ? entity.clusterArn().equals(Observed.NO_CLUSTER)
                            : entity.clusterArn().endsWith(":cluster/" + name)));
        }
        Stream.concat(RandomWorld.CLUSTERS.stream(), Stream.of("arn:aws:ecs:eu-west-1:1:cluster/elsewhere"))
                .forEach(arn -> steps.add(new Step<>("in " + arn, query -> query.in(arn), entity -> entity.clusterArn()
                        .equals(arn))));
        return steps;
    }

    static List<Step<Task, TaskQuery>> ofTasks() {
        List<Step<Task, TaskQuery>> steps = new ArrayList<>();
        for (String word : List.of("web", "batch", "api", "RUNNING", "STOPPED", "EC2", "NEW_TYPE", "me")) {
            steps.add(Step.equal("startedBy", word, query -> query.startedBy(word), Task::startedBy));
            steps.add(Step.of(
                    "family " + word, query -> query.family(word), task -> isOf(word, task.taskDefinitionArn())));
            steps.add(Step.of("ofService " + word, query -> query.ofService(word), isInGroup("service:" + word)));
        }
        steps.addAll(byStatus());
        steps.addAll(byInstance());
        steps.addAll(walked());
        for (String group : List.of("service:web", "family:batch", "")) {
            steps.add(Step.of("group " + group, query -> query.group(group), isInGroup(group)));
        }
        for (String definition : List.of("web:1", "web:2", "batch:1", "batch:9")) {
            String arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/" + definition;
            steps.add(Step.equal("taskDefinition", arn, query -> query.taskDefinition(arn), Task::taskDefinitionArn));
        }
        String service = "arn:aws:ecs:eu-west-1:123456789012:service/prod/web";
        steps.add(new Step<>(
                "ofService ARN",
                query -> query.ofService(service),
                row -> "service:web".equals(row.value().group())
                        && row.clusterArn().equals(Entities.clusterArn("prod"))));
        for (String revision : List.of("web:1", "batch:9")) {
            steps.add(Step.of(
                    "taskDefinition " + revision,
                    query -> query.taskDefinition(revision),
                    task -> task.taskDefinitionArn() != null
                            && task.taskDefinitionArn().endsWith("task-definition/" + revision)));
        }
        Predicate<Task> even = task -> task.taskArn().matches(".*[02468]");
        steps.add(Step.of("where even", query -> query.where(even), even));
        return steps;
    }

    private static List<Step<Task, TaskQuery>> byStatus() {
        List<Step<Task, TaskQuery>> steps = new ArrayList<>();
        for (TaskStatus status : TaskStatus.values()) {
            steps.add(Step.equal("status", status.name(), query -> query.status(status), Task::lastStatus));
            steps.add(Step.of("atLeast " + status, query -> query.atLeast(status), task -> TaskStatus.of(task)
                    .filter(each -> each.compareTo(status) >= 0)
                    .isPresent()));
        }
        steps.add(Step.of("live", TaskQuery::live, task -> !EntityKind.TASK.hasEnded(task)));
        steps.add(Step.of("ended", TaskQuery::ended, EntityKind.TASK::hasEnded));
        for (DesiredStatus status : DesiredStatus.knownValues()) {
            steps.add(Step.equal(
                    "desiredStatus", status.toString(), query -> query.desiredStatus(status), Task::desiredStatus));
        }
        for (LaunchType type : LaunchType.knownValues()) {
            steps.add(Step.equal(
                    "launchType", type.toString(), query -> query.launchType(type), Task::launchTypeAsString));
        }
        return steps;
    }

    /** An id stands for an ARN in the format of the cluster of the task, or for one in the short format. */
    private static List<Step<Task, TaskQuery>> byInstance() {
        List<Step<Task, TaskQuery>> steps = new ArrayList<>();
        String arn = "arn:aws:ecs:eu-west-1:123456789012:container-instance/";
        for (String end : List.of("prod/i1", "i2", "i9")) {
            steps.add(Step.equal(
                    "onInstance", arn + end, query -> query.onInstance(arn + end), Task::containerInstanceArn));
        }
        return steps;
    }

    private static List<Step<Task, TaskQuery>> walked() {
        List<Step<Task, TaskQuery>> steps = new ArrayList<>();
        for (String provider : List.of("spot", "base", "none")) {
            steps.add(Step.equal(
                    "capacityProvider",
                    provider,
                    query -> query.capacityProvider(provider),
                    Task::capacityProviderName));
        }
        Map.of(
                        "web", "web|web:[12]|web@sha256:1",
                        "web:1", "web:1",
                        "web:80/web", "web:80/web",
                        "ecr/web", "ecr/web:1",
                        "we", "we")
                .forEach((image, pattern) -> steps.add(
                        Step.of("image " + image, query -> query.image(image), task -> task.containers().stream()
                                .anyMatch(each ->
                                        each.image() != null && each.image().matches(pattern)))));
        steps.add(Step.of("tagged", query -> query.tagged("team", "a"), task -> task.tags().stream()
                .anyMatch(tag -> "a".equals(tag.value()))));
        steps.add(Step.of("tagged otherwise", query -> query.tagged("teams", "a"), task -> false));
        return steps;
    }

    static List<Step<ContainerInstance, InstanceQuery>> ofInstances() {
        List<Step<ContainerInstance, InstanceQuery>> steps = new ArrayList<>();
        for (ContainerInstanceStatus status : ContainerInstanceStatus.knownValues()) {
            steps.add(
                    Step.equal("status", status.toString(), query -> query.status(status), ContainerInstance::status));
        }
        steps.add(Step.equal(
                "capacityProvider",
                "spot",
                query -> query.capacityProvider("spot"),
                ContainerInstance::capacityProviderName));
        for (boolean connected : new boolean[] {true, false}) {
            steps.add(Step.of(
                    "agentConnected " + connected,
                    query -> query.agentConnected(connected),
                    instance -> Objects.equals(instance.agentConnected(), connected)));
        }
        steps.add(Step.of(
                "placeable",
                InstanceQuery::placeable,
                instance -> "ACTIVE".equals(instance.status()) && Boolean.TRUE.equals(instance.agentConnected())));
        for (String id : List.of("i-1", "i-2", "i-9")) {
            steps.add(Step.equal("ec2", id, query -> query.ec2Instance(id), ContainerInstance::ec2InstanceId));
        }
        for (String name : List.of("a", "b", "c")) {
            steps.add(Step.of("attribute " + name, query -> query.attribute(name), hasAttribute(name, null)));
            for (String value : List.of("1", "2")) {
                steps.add(Step.of(
                        "attribute " + name + " " + value,
                        query -> query.attribute(name, value),
                        hasAttribute(name, value)));
            }
        }
        steps.addAll(withFree());
        steps.addAll(matching());
        return steps;
    }

    /** Expressions that an index answers, beside walks. */
    private static List<Step<ContainerInstance, InstanceQuery>> matching() {
        Predicate<ContainerInstance> a1 = hasAttribute("a", "1");
        Predicate<ContainerInstance> a2 = hasAttribute("a", "2");
        Predicate<ContainerInstance> b = hasAttribute("b", null);
        Predicate<ContainerInstance> empty = instance ->
                instance.attributes().stream().anyMatch(each -> "a".equals(each.name()) && each.value() == null);
        Predicate<ContainerInstance> connected = instance -> Boolean.TRUE.equals(instance.agentConnected());
        return List.of(
                matching("attribute:a in [1, 2]", a1.or(a2)),
                matching(
                        "attribute:a in [2, ''] and attribute:b exists",
                        a2.or(empty).and(b)),
                matching("attribute:a == 1 or attribute:b exists", a1.or(b)),
                matching("attribute:b !exists && attribute:a == 1", a1.and(b.negate())),
                matching("agentConnected == true and not attribute:a == 1", connected.and(a1.negate())),
                matching("ec2InstanceId in [i-1, i-9, i-1]", instance -> "i-1".equals(instance.ec2InstanceId())));
    }

    private static Step<ContainerInstance, InstanceQuery> matching(
            String expression, Predicate<ContainerInstance> expected) {
        return Step.of("matching " + expression, query -> query.matching(expression), expected);
    }

    private static List<Step<ContainerInstance, InstanceQuery>> withFree() {
        List<Step<ContainerInstance, InstanceQuery>> steps = new ArrayList<>();
        for (int amount : new int[] {0, 1, 2, 3, 4, 5, 1 << 20, Integer.MAX_VALUE}) {
            steps.add(free(instance -> number(instance, "CPU") >= amount, cpu(amount)));
            steps.add(free(instance -> number(instance, "MEMORY") >= amount, memory(amount)));
            steps.add(free(instance -> set(instance, "GPU").size() >= amount, gpus(amount)));
        }
        steps.add(free(instance -> !set(instance, "PORTS").contains("80"), port(80)));
        steps.add(free(instance -> !set(instance, "PORTS").contains("81"), port(81)));
        steps.add(free(instance -> !set(instance, "PORTS_UDP").contains("53"), udpPort(53)));
        steps.add(free(instance -> true));
        steps.add(free(
                instance -> number(instance, "CPU") >= 2
                        && number(instance, "MEMORY") >= 1024
                        && !set(instance, "PORTS").contains("22"),
                cpu(2),
                memory(1024),
                port(22)));
        return steps;
    }

    static List<Step<Service, ServiceQuery>> ofServices() {
        List<Step<Service, ServiceQuery>> steps = new ArrayList<>();
        for (String word : List.of("ACTIVE", "DRAINING", "INACTIVE")) {
            steps.add(Step.equal("status", word, query -> query.status(word), Service::status));
        }
        for (LaunchType type : LaunchType.knownValues()) {
            steps.add(Step.equal(
                    "launchType", type.toString(), query -> query.launchType(type), Service::launchTypeAsString));
        }
        for (String word : List.of("web", "api", "batch")) {
            steps.add(Step.equal("named", word, query -> query.named(word), Service::serviceName));
            steps.add(Step.of(
                    "family " + word, query -> query.family(word), service -> isOf(word, service.taskDefinition())));
        }
        return steps;
    }

    static List<Step<Cluster, ClusterQuery>> ofClusters() {
        return List.of(
                Step.equal("status", "ACTIVE", query -> query.status("ACTIVE"), Cluster::status),
                Step.equal("status", "INACTIVE", query -> query.status("INACTIVE"), Cluster::status),
                Step.of("where", query -> query.where(cluster -> true), cluster -> true));
    }

    static List<Step<TaskDefinition, TaskDefinitionQuery>> ofDefinitions() {
        return List.of(
                Step.equal("family", "web", query -> query.family("web"), TaskDefinition::family),
                Step.equal("status", "ACTIVE", query -> query.status("ACTIVE"), TaskDefinition::statusAsString),
                Step.equal("status", "INACTIVE", query -> query.status("INACTIVE"), TaskDefinition::statusAsString),
                Step.of("where", query -> query.where(definition -> true), definition -> true));
    }

    private static Step<ContainerInstance, InstanceQuery> free(
            Predicate<ContainerInstance> meaning, Requirement... requirements) {
        return Step.of("withFree " + List.of(requirements), query -> query.withFree(requirements), meaning);
    }

    private static boolean isOf(String family, String definition) {
        return definition != null && definition.matches("(.*/)?" + family + "(:\\d+)?");
    }

    private static Predicate<Task> isInGroup(String group) {
        return task -> group.equals(task.group());
    }

    private static Predicate<ContainerInstance> hasAttribute(String name, String value) {
        return instance -> {
            for (Attribute attribute : instance.attributes()) {
                if (name.equals(attribute.name()) && (value == null || value.equals(attribute.value()))) {
                    return true;
                }
            }
            return false;
        };
    }

    /** Doubles hold every number that a {@link RandomWorld} has. */
    private static double number(ContainerInstance instance, String name) {
        return instance.remainingResources().stream()
                .filter(resource -> name.equals(resource.name()))
                .flatMap(resource -> Stream.<Number>of(
                                resource.integerValue(), resource.longValue(), resource.doubleValue())
                        .filter(Objects::nonNull))
                .mapToDouble(Number::doubleValue)
                .sum();
    }

    private static List<String> set(ContainerInstance instance, String name) {
        return instance.remainingResources().stream()
                .filter(resource -> name.equals(resource.name()))
                .flatMap(resource -> resource.stringSetValue().stream())
                .toList();
    }
}
