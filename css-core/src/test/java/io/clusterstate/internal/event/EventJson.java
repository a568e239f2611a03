package io.clusterstate.internal.event;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.ApiOnlyFields;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Entities of the API in the form of ECS's events: with other names and spellings, without API-only fields, and with or
 * without empty values.
 */
final class EventJson {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS");

    private final Random random;

    EventJson(Random random) {
        this.random = random;
    }

    String eventOf(Task task) {
        return event("ECS Task State Change", detail(ApiOnlyFields.clear(EntityKind.TASK, task)));
    }

    String eventOf(ContainerInstance instance, String clusterArn) {
        Map<String, Object> detail = detail(ApiOnlyFields.clear(EntityKind.INSTANCE, instance));
        detail.put("clusterArn", clusterArn);
        return event("ECS Container Instance State Change", detail);
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
            if (value != null && !(isEmpty(value) && random.nextBoolean())) {
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
}
