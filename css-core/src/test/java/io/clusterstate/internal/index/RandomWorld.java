package io.clusterstate.internal.index;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.InstanceParts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * A snapshot from random edits, beside the plain list of its entities. Each property has few possible values, so that
 * random queries find something, and may be missing. ARNs are short, so that an entity may move to another cluster.
 */
final class RandomWorld {

    /** Two clusters of one name in two Regions, and others. */
    static final List<String> CLUSTERS = List.of(
            Entities.clusterArn("prod"),
            "arn:aws:ecs:us-east-1:123456789012:cluster/prod",
            Entities.clusterArn("test"),
            Entities.clusterArn("production"));

    private static final String ARN = "arn:aws:ecs:eu-west-1:123456789012:";
    private static final int IDS = 60;

    private final Random random;
    private final Map<EntityKind<?>, Map<String, Observed<?>>> rows = new HashMap<>();
    private IndexedSnapshot snapshot = IndexedSnapshot.EMPTY;

    RandomWorld(Random random) {
        this.random = random;
        EntityKind.all().forEach(kind -> rows.put(kind, new HashMap<>()));
    }

    IndexedSnapshot snapshot() {
        return snapshot;
    }

    /** All entities of a kind. */
    @SuppressWarnings("unchecked") // each kind's map holds entities of that kind
    <T> Collection<Observed<T>> rows(EntityKind<T> kind) {
        return (Collection<Observed<T>>) (Collection<?>) rows.get(kind).values();
    }

    /** Puts, changes, moves and removes. */
    RandomWorld edit(int times) {
        for (int i = 0; i < times; i++) {
            EntityKind<?> kind = EntityKind.all().get(random.nextInt(5));
            if (random.nextInt(4) == 0) {
                remove(kind, arn(kind));
            } else {
                put(randomEntity(kind));
            }
        }
        return this;
    }

    /** Removes all there is, in a random order. */
    void clear() {
        EntityKind.all().forEach(kind -> new ArrayList<>(rows.get(kind).keySet()).forEach(arn -> remove(kind, arn)));
    }

    void put(Observed<?> entity) {
        snapshot = snapshot.with(entity);
        rows.get(entity.kind()).put(entity.arn(), entity);
    }

    void remove(EntityKind<?> kind, String arn) {
        snapshot = snapshot.without(kind, arn);
        rows.get(kind).remove(arn);
    }

    private Observed<?> randomEntity(EntityKind<?> kind) {
        String cluster = CLUSTERS.get(random.nextInt(CLUSTERS.size()));
        if (kind == EntityKind.TASK) {
            return Entities.observed(EntityKind.TASK, cluster, task());
        }
        if (kind == EntityKind.INSTANCE) {
            return Entities.observed(EntityKind.INSTANCE, cluster, instance());
        }
        if (kind == EntityKind.SERVICE) {
            return Entities.observed(EntityKind.SERVICE, cluster, service());
        }
        return kind == EntityKind.CLUSTER
                ? Entities.observed(EntityKind.CLUSTER, cluster, cluster(cluster))
                : Entities.definition(definition());
    }

    private TaskDefinition definition() {
        return TaskDefinition.builder()
                .taskDefinitionArn(arn(EntityKind.TASK_DEFINITION))
                .family(maybe("web", "batch"))
                .status(maybe("ACTIVE", "INACTIVE", "NEW_STATUS"))
                .build();
    }

    private Task task() {
        return Task.builder()
                .taskArn(arn(EntityKind.TASK))
                .containerInstanceArn(maybe(
                        ARN + "container-instance/prod/i1",
                        ARN + "container-instance/i2",
                        ARN + "container-instance/i3"))
                .taskDefinitionArn(maybe(
                        ARN + "task-definition/web:1",
                        ARN + "task-definition/web:2",
                        ARN + "task-definition/batch:1",
                        ARN + "task-definition/batch"))
                .startedBy(maybe("ecs-svc/1", "me"))
                .group(maybe("service:web", "service:api", "family:batch", ""))
                .lastStatus(maybe("RUNNING", "PENDING", "STOPPED", "DELETED", "FROZEN"))
                .capacityProviderName(maybe("spot", "base"))
                .containers(containers())
                .tags(Tag.builder().key("team").value(maybe("a", "b")).build())
                .desiredStatus(maybe("RUNNING", "STOPPED"))
                .launchType(maybe("EC2", "FARGATE", "NEW_TYPE"))
                .version(1L)
                .build();
    }

    private List<Container> containers() {
        List<Container> containers = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            containers.add(Container.builder()
                    .image(maybe("web", "web:1", "web:2", "web@sha256:1", "web:80/web", "webs", "ecr/web:1"))
                    .build());
        }
        return containers;
    }

    private ContainerInstance instance() {
        return ContainerInstance.builder()
                .containerInstanceArn(arn(EntityKind.INSTANCE))
                .status(maybe("ACTIVE", "DRAINING"))
                .agentConnected(random.nextInt(3) == 0 ? null : random.nextBoolean())
                .capacityProviderName(maybe("spot"))
                .ec2InstanceId(maybe("i-1", "i-2", "i-3"))
                .attributes(attributes())
                .remainingResources(resources())
                .version(1L)
                .build();
    }

    private List<Attribute> attributes() {
        List<Attribute> attributes = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            attributes.add(InstanceParts.attribute(maybe("a", "b"), maybe("1", "2")));
        }
        return attributes;
    }

    private List<Resource> resources() {
        List<Resource> resources = new ArrayList<>();
        if (random.nextInt(4) > 0) {
            resources.add(number("CPU", random.nextInt(5) - 1));
        }
        if (random.nextInt(4) > 0) {
            resources.add(number("MEMORY", 1 << random.nextInt(31)));
        }
        if (random.nextBoolean()) {
            resources.add(
                    InstanceParts.set("GPU", random.nextBoolean() ? new String[] {"g1"} : new String[] {"g1", "g2"}));
        }
        if (random.nextBoolean()) {
            resources.add(InstanceParts.set("PORTS", "22", "80"));
            resources.add(InstanceParts.set("PORTS_UDP", "53"));
        }
        return resources;
    }

    /** In any of ECS's numeric types; a long one may be more than an int holds. */
    private Resource number(String name, int value) {
        Resource.Builder number = Resource.builder().name(name);
        return switch (random.nextInt(4)) {
            case 0 -> number.type("LONG").longValue((long) value).build();
            case 1 -> number.type("LONG").longValue(value * (1L << 32)).build();
            case 2 -> number.type("DOUBLE").doubleValue(value + 0.5).build();
            default -> InstanceParts.number(name, value);
        };
    }

    private Service service() {
        return Service.builder()
                .serviceArn(arn(EntityKind.SERVICE))
                .serviceName(maybe("web", "api"))
                .status(maybe("ACTIVE", "DRAINING"))
                .taskDefinition(maybe(ARN + "task-definition/web:1", ARN + "task-definition/batch:7", "web:3"))
                .launchType(maybe("EC2", "FARGATE"))
                .build();
    }

    private Cluster cluster(String arn) {
        return Cluster.builder()
                .clusterArn(arn)
                .status(maybe("ACTIVE", "INACTIVE"))
                .build();
    }

    private String arn(EntityKind<?> kind) {
        return kind == EntityKind.CLUSTER
                ? CLUSTERS.get(random.nextInt(CLUSTERS.size()))
                : ARN + kind + "/" + random.nextInt(IDS);
    }

    /** One of these, or none of them. */
    private String maybe(String... words) {
        int chosen = random.nextInt(words.length + 1);
        return chosen == words.length ? null : words[chosen];
    }
}
