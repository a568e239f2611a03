package io.clusterstate.internal.event;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.internal.shape.ValueShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What ECS is seen to write in its events: the details of those payloads that {@code SOURCES.md} calls real captures or
 * samples of AWS's documentation, and that are whole, which is to say that they are read as a change. Payloads that somebody
 * trimmed, or wrote, are no evidence.
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
                    && Readings.read(body) instanceof Reading.StateChange change
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

    /** The names in some details of a kind, by the AWS SDK's type of the object that they are in. */
    static Map<String, Set<String>> names(EntityKind<?> kind, Iterable<Map<?, ?>> details) {
        Map<String, Set<String>> names = new TreeMap<>();
        PojoShape shape = PojoShape.ofEntity(kind.type());
        details.forEach(detail -> collect(names, shape, detail));
        return names;
    }

    /** The names that each of some details has. */
    static Set<String> always(Iterable<? extends Map<?, ?>> details) {
        Set<String> always = null;
        for (Map<?, ?> detail : details) {
            Set<String> own = detail.keySet().stream().map(String.class::cast).collect(Collectors.toSet());
            if (always == null) {
                always = new TreeSet<>(own);
            }
            always.retainAll(own);
        }
        return always == null ? Set.of() : always;
    }

    /** What the AWS SDK calls a type. */
    static String nameOf(PojoShape shape) {
        return shape.newBuilder().getClass().getEnclosingClass().getSimpleName();
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

    private static void collect(Map<String, Set<String>> names, PojoShape shape, Map<?, ?> object) {
        object.forEach((key, value) -> {
            names.computeIfAbsent(nameOf(shape), type -> new TreeSet<>()).add((String) key);
            PojoShape.Member member = shape.member((String) key);
            if (member != null) {
                collect(names, member.shape(), value);
            }
        });
    }

    private static void collect(Map<String, Set<String>> names, ValueShape shape, Object value) {
        if (shape instanceof ValueShape.Pojo pojo && value instanceof Map<?, ?> object) {
            collect(names, pojo.shape(), object);
        } else if (shape instanceof ValueShape.Listing listing && value instanceof List<?> list) {
            list.forEach(each -> collect(names, listing.element(), each));
        }
    }
}
