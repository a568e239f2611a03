package io.clusterstate.internal.event;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * Entities of the API as ECS would write them in its events: with other names and spellings, without what events never
 * tell, and with or without what is empty.
 */
final class EventJson {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS");

    private static final Map<Class<?>, Set<String>> NEVER_IN_EVENTS = Map.of(
            Task.class, Set.of("healthStatus", "tags", "inferenceAccelerators", "fargateEphemeralStorage"),
            TaskOverride.class, Set.of("inferenceAcceleratorOverrides"),
            Container.class, Set.of("healthStatus"),
            ManagedAgent.class, Set.of("lastStartedAt"),
            ContainerInstance.class, Set.of("capacityProviderName", "tags", "healthStatus"));

    private final Random random;

    EventJson(Random random) {
        this.random = random;
    }

    String eventOf(Task task) {
        return event("ECS Task State Change", detail(task));
    }

    String eventOf(ContainerInstance instance, String clusterArn) {
        Map<String, Object> detail = detail(instance);
        detail.put("clusterArn", clusterArn);
        return event("ECS Container Instance State Change", detail);
    }

    /** The same without what events never tell. */
    static <T> T clear(Class<T> type, T value) {
        return type.cast(clear((Object) value));
    }

    private static String event(String detailType, Map<String, Object> detail) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("version", "0");
        event.put("detail-type", detailType);
        event.put("source", "aws.ecs");
        event.put("detail", detail);
        return Json.write(event);
    }

    private Map<String, Object> detail(Object entity) {
        Map<String, Object> detail = object((SdkPojo) entity);
        detail.put("updatedAt", "2026-03-01T12:00:00Z");
        detail.put("accountType", "x");
        return detail;
    }

    private Map<String, Object> object(SdkPojo pojo) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            if (!isNeverInEvents(pojo, field) && value != null && !(isEmpty(value) && random.nextBoolean())) {
                object.put(nameOf(pojo, field), spelled(pojo, field, value));
            }
        }
        return object;
    }

    private Object spelled(SdkPojo pojo, SdkField<?> field, Object value) {
        boolean isType = pojo instanceof Attachment && field.locationName().equals("type");
        return isType && value.equals("ElasticNetworkInterface") ? "eni" : json(value);
    }

    private Object json(Object value) {
        if (value instanceof SdkPojo pojo) {
            return object(pojo);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> object = new LinkedHashMap<>();
            map.forEach((key, each) -> object.put((String) key, json(each)));
            return object;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(this::json).toList();
        }
        return value instanceof Instant instant ? timestamp(instant) : value;
    }

    /** As ECS writes it: without the zeros that end the fraction. */
    private static String timestamp(Instant instant) {
        return TIME.format(instant.atOffset(ZoneOffset.UTC)).replaceAll("\\.?0+$", "") + "Z";
    }

    private static String nameOf(SdkPojo pojo, SdkField<?> field) {
        boolean isStatus = pojo instanceof ManagedAgent && field.locationName().equals("lastStatus");
        return isStatus ? "status" : field.locationName();
    }

    private static boolean isEmpty(Object value) {
        return (value instanceof List<?> list && list.isEmpty()) || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static boolean isNeverInEvents(SdkPojo pojo, SdkField<?> field) {
        return NEVER_IN_EVENTS.getOrDefault(pojo.getClass(), Set.of()).contains(field.locationName());
    }

    private static Object clear(Object value) {
        if (value instanceof List<?> list) {
            List<Object> cleared = new ArrayList<>();
            list.forEach(each -> cleared.add(clear(each)));
            return cleared;
        }
        return value instanceof SdkPojo pojo ? clearFields(pojo) : value;
    }

    private static Object clearFields(SdkPojo pojo) {
        CopyableBuilder<?, ?> builder = ((ToCopyableBuilder<?, ?>) pojo).toBuilder();
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            if (isNeverInEvents(pojo, field)) {
                field.set(builder, null);
            } else if (value != null && !isEmpty(value)) {
                field.set(builder, clear(value));
            }
        }
        return Objects.requireNonNull(builder.build());
    }
}
