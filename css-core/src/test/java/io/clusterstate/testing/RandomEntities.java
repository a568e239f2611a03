package io.clusterstate.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Entities with random values in all fields, or with fields left out, as the ECS API might answer. Only ARN, cluster
 * and version are sound.
 */
public final class RandomEntities {

    private static final List<String> WORDS = List.of(
            "",
            "RUNNING",
            "web",
            "10.0.0.1",
            "h\u00e9llo \u4e16\u754c \ud83d\ude80",
            "\"quoted\"\n",
            "ElasticNetworkInterface");

    private final Random random;
    private final boolean withEmpties;

    private RandomEntities(Random random, boolean withEmpties) {
        this.random = random;
        this.withEmpties = withEmpties;
    }

    /**
     * Creates entities with some empty lists and maps, as the ECS API returns them.
     *
     * @param random the source of randomness
     * @return a generator of entities
     */
    public static RandomEntities of(Random random) {
        return new RandomEntities(random, true);
    }

    /**
     * Creates entities without empty lists or maps: each is unset, or has members.
     *
     * @param random the source of randomness
     * @return a generator of entities
     */
    public static RandomEntities withoutEmpties(Random random) {
        return new RandomEntities(random, false);
    }

    /**
     * A task of the cluster {@code prod}.
     *
     * @return the task
     */
    public Task task() {
        return ((Task) built(Task.builder()))
                .toBuilder()
                        .taskArn(Entities.taskArn("prod", id()))
                        .clusterArn(Entities.clusterArn("prod"))
                        .version(1 + (random.nextLong() >>> 1) / 2)
                        .build();
    }

    /**
     * A container instance of the cluster {@code prod}.
     *
     * @return the instance
     */
    public ContainerInstance instance() {
        return ((ContainerInstance) built(ContainerInstance.builder()))
                .toBuilder()
                        .containerInstanceArn(Entities.instanceArn("prod", id()))
                        .version(1 + (random.nextLong() >>> 1) / 2)
                        .build();
    }

    /**
     * A service of the cluster {@code prod}.
     *
     * @return the service
     */
    public Service service() {
        return ((Service) built(Service.builder()))
                .toBuilder()
                        .serviceArn(Entities.serviceArn("prod", id()))
                        .clusterArn(Entities.clusterArn("prod"))
                        .build();
    }

    /**
     * A cluster.
     *
     * @return the cluster
     */
    public Cluster cluster() {
        return ((Cluster) built(Cluster.builder()))
                .toBuilder().clusterArn(Entities.clusterArn(id())).build();
    }

    /**
     * A task definition.
     *
     * @return the definition
     */
    public TaskDefinition definition() {
        return ((TaskDefinition) built(TaskDefinition.builder()))
                .toBuilder()
                        .taskDefinitionArn(Entities.taskDefinitionArn("prod", id(), 1))
                        .build();
    }

    private String id() {
        return Long.toHexString(random.nextLong());
    }

    private Object built(SdkPojo builder) {
        for (SdkField<?> field : builder.sdkFields()) {
            Object value = random.nextInt(3) == 0 ? null : value(field);
            if (value != null) {
                field.set(builder, value);
            }
        }
        return ((Buildable) builder).build();
    }

    private Object value(SdkField<?> field) {
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> random.nextBoolean() ? WORDS.get(random.nextInt(WORDS.size())) : id();
            case INTEGER -> random.nextInt();
            case LONG -> random.nextLong();
            case DOUBLE -> random.nextGaussian();
            case BOOLEAN -> random.nextBoolean();
            case INSTANT -> instant();
            case DOCUMENT -> Document.fromString(id());
            case LIST -> list(field.getRequiredTrait(ListTrait.class).memberFieldInfo());
            case MAP -> map(field.getRequiredTrait(MapTrait.class).valueFieldInfo());
            case SDK_POJO -> built(field.constructor().get());
            default ->
                throw new IllegalStateException(
                        "field: " + field.locationName() + " (expected: of a type that ECS uses)");
        };
    }

    private Instant instant() {
        Instant second = Instant.ofEpochSecond(random.nextInt() & Integer.MAX_VALUE);
        return switch (random.nextInt(3)) {
            case 0 -> second;
            case 1 -> second.plusMillis(random.nextInt(1000));
            default -> second.plusNanos(random.nextInt(1_000_000_000));
        };
    }

    private List<Object> list(SdkField<?> element) {
        List<Object> list = new ArrayList<>();
        for (int i = size(); i > 0; i--) {
            list.add(value(element));
        }
        return list;
    }

    private Map<String, Object> map(SdkField<?> element) {
        Map<String, Object> map = new HashMap<>();
        for (int i = size(); i > 0; i--) {
            map.put(id(), value(element));
        }
        return map;
    }

    private int size() {
        return withEmpties ? random.nextInt(4) : 1 + random.nextInt(3);
    }
}
