package io.clusterstate.internal.event;

import static java.util.stream.Collectors.toCollection;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.internal.shape.ValueShape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The details of events that ECS is known to send: payloads that {@code SOURCES.md} calls real captures or samples of
 * AWS's documentation, and that are complete, so that the reader takes them for a change. Payloads that a person
 * shortened or wrote are no evidence.
 */
final class EventEvidence {

    private static final Pattern SOURCE = Pattern.compile("- \\*\\*(.+?)\\*\\* - \\*(.+?)\\*.*");

    private EventEvidence() {}

    /** The details of a kind, by path. */
    static Map<String, Map<?, ?>> details(EntityKind<?> kind) {
        Set<String> written = writtenByEcs();
        Map<String, Map<?, ?>> details = new LinkedHashMap<>();
        Payloads.all().forEach((path, body) -> {
            if (written.contains(path.replaceFirst("#.*", ""))
                    && ParsedBodies.read(body) instanceof ParsedBody.StateChange change
                    && change.upsert().kind() == kind) {
                details.put(path, detailOf(body));
            }
        });
        return details;
    }

    /** The detail of an event. */
    static Map<?, ?> detailOf(String body) {
        return (Map<?, ?>) ((Map<?, ?>) Json.parse(body)).get("detail");
    }

    /** The names that any object of a type has in some details of a kind, by the AWS SDK's type. */
    static Map<String, Set<String>> names(EntityKind<?> kind, Collection<Map<?, ?>> details) {
        Map<String, Set<String>> names = new TreeMap<>();
        objects(kind, details)
                .forEach((type, objects) ->
                        names.put(type, objects.stream().flatMap(Set::stream).collect(toCollection(TreeSet::new))));
        return names;
    }

    /** The names that every object of a type has in some details of a kind, by the AWS SDK's type. */
    static Map<String, Set<String>> namesOfAll(EntityKind<?> kind, Collection<Map<?, ?>> details) {
        Map<String, Set<String>> names = new TreeMap<>();
        objects(kind, details).forEach((type, objects) -> {
            Set<String> common = new TreeSet<>(objects.get(0));
            objects.forEach(common::retainAll);
            names.put(type, common);
        });
        return names;
    }

    /** The AWS SDK's name of a type. */
    static String nameOf(PojoShape shape) {
        return shape.newDraft().build().getClass().getSimpleName();
    }

    private static Set<String> writtenByEcs() {
        Set<String> written = new TreeSet<>();
        for (String line : Payloads.lines("SOURCES.md")) {
            Matcher source = SOURCE.matcher(line);
            if (source.matches()
                    && (source.group(2).startsWith("real capture")
                            || source.group(2).equals("AWS documentation sample"))) {
                written.add(source.group(1));
            }
        }
        return written;
    }

    /** The names of each object, by its type. */
    private static Map<String, List<Set<String>>> objects(EntityKind<?> kind, Collection<Map<?, ?>> details) {
        Map<String, List<Set<String>>> objects = new TreeMap<>();
        PojoShape shape = PojoShape.ofEntity(kind.type());
        details.forEach(detail -> collect(objects, shape, detail));
        return objects;
    }

    private static void collect(Map<String, List<Set<String>>> objects, PojoShape shape, Map<?, ?> object) {
        Set<String> names = object.keySet().stream().map(String.class::cast).collect(toCollection(TreeSet::new));
        objects.computeIfAbsent(nameOf(shape), type -> new ArrayList<>()).add(names);
        object.forEach((name, value) -> {
            PojoShape.Member member = shape.member((String) name);
            if (member != null) {
                collect(objects, member.shape(), value);
            }
        });
    }

    private static void collect(Map<String, List<Set<String>>> objects, ValueShape shape, Object value) {
        if (shape instanceof ValueShape.Pojo pojo && value instanceof Map<?, ?> object) {
            collect(objects, pojo.shape(), object);
        } else if (shape instanceof ValueShape.Listing listing && value instanceof List<?> list) {
            list.forEach(each -> collect(objects, listing.element(), each));
        }
    }
}
