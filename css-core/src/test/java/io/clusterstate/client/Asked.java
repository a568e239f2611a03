package io.clusterstate.client;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The answer of a client to a request, in a form that compares. It has all pages of a list in one, sorts each list, and
 * holds the error where there is no response.
 */
final class Asked {

    /** The newest events of a service that a mirror keeps. */
    private static final int KEPT_EVENTS = 10;

    private Asked() {}

    static Map<String, Object> answer(EcsClient client, EcsRequest request) throws Exception {
        Map<String, Object> whole = new HashMap<>();
        EcsRequest page = request;
        int pages = 0;
        try {
            while (page != null) {
                SdkPojo response = call(client, page);
                pages++;
                String token = null;
                for (SdkField<?> field : response.sdkFields()) {
                    Object value = field.getValueOrDefault(response);
                    if (field.memberName().equals("nextToken")) {
                        token = (String) value;
                    } else {
                        add(whole, field.memberName(), value);
                    }
                }
                page = token == null ? null : following(request, token);
            }
        } catch (EcsException e) {
            return Map.of(
                    "error",
                    e.awsErrorDetails().errorCode(),
                    "message",
                    e.awsErrorDetails().errorMessage());
        }
        whole.put("pages", pages);
        whole.replaceAll((name, value) -> value instanceof List<?> list
                ? list.stream().sorted(Comparator.comparing(Object::toString)).toList()
                : value);
        return whole;
    }

    /** The lines in which two answers differ. */
    static Set<String> difference(Map<String, Object> one, Map<String, Object> other) {
        Set<String> lines = new TreeSet<>();
        lines("", one, line -> lines.add("- " + line));
        lines("", other, line -> {
            if (!lines.remove("- " + line)) {
                lines.add("+ " + line);
            }
        });
        return lines;
    }

    private static void lines(String path, Object value, Consumer<String> to) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, each) -> lines(path + "." + name, each, to));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                lines(path + "." + i, list.get(i), to);
            }
        } else {
            to.accept(path + " = " + value);
        }
    }

    private static void add(Map<String, Object> whole, String name, @Nullable Object value) {
        Object plain = plain(value);
        if (plain instanceof List<?> list) {
            List<Object> all = new ArrayList<>((List<?>) whole.getOrDefault(name, List.of()));
            all.addAll(list);
            whole.put(name, all);
        } else if (plain != null) {
            whole.put(name, plain);
        }
    }

    /** A value as maps and lists, in which an empty list equals none, as the view's values have it. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Service service && service.events().size() > KEPT_EVENTS) {
            return plain(service.toBuilder()
                    .events(service.events().subList(0, KEPT_EVENTS))
                    .build());
        }
        if (value instanceof SdkPojo pojo) {
            Map<String, Object> fields = new TreeMap<>();
            for (SdkField<?> field : pojo.sdkFields()) {
                Object plain = plain(field.getValueOrDefault(pojo));
                if (plain != null) {
                    fields.put(field.memberName(), plain);
                }
            }
            return fields;
        }
        if (value instanceof List<?> list) {
            return list.isEmpty() ? null : list.stream().map(Asked::plain).toList();
        }
        return value instanceof Map<?, ?> map && map.isEmpty() ? null : value;
    }

    private static EcsRequest following(EcsRequest request, String token) {
        SdkPojo next = (SdkPojo) request.toBuilder();
        next.sdkFields().stream()
                .filter(field -> field.memberName().equals("nextToken"))
                .forEach(field -> field.set(next, token));
        return ((EcsRequest.Builder) next).build();
    }

    private static SdkPojo call(EcsClient client, EcsRequest request) throws Exception {
        String type = request.getClass().getSimpleName().replaceAll("Request$", "");
        Method method = EcsClient.class.getMethod(
                type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1), request.getClass());
        try {
            return (SdkPojo) method.invoke(client, request);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof SdkServiceException error ? error : e;
        }
    }
}
