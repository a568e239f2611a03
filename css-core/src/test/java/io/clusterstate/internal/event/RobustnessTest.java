package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.clusterstate.Observed;
import io.clusterstate.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every payload, damaged and rearranged: reading never fails, and yields the same result while the relevant part is
 * whole.
 */
class RobustnessTest {

    private static final Map<String, String> BODIES = Payloads.all();

    /** Without these, or with others, an event is of something else. */
    private static final Set<String> ESSENTIAL = Set.of(
            ".source",
            ".detail-type",
            ".detail",
            ".detail.version",
            ".detail.clusterArn",
            ".detail.taskArn",
            ".detail.containerInstanceArn");

    private static final List<Object> STRANGE =
            Arrays.asList(null, -0.5, "?", Map.of(), List.of("x", 7, Map.of("y", List.of())));

    /** An action on a field, given its path, the object around it, and its name there. */
    private interface FieldAction {
        void accept(String path, Map<String, Object> object, String name);
    }

    static Stream<String> paths() {
        return BODIES.keySet().stream();
    }

    static Stream<String> pathsOfChanges() {
        return paths().filter(path -> ParsedBodies.read(BODIES.get(path)) instanceof ParsedBody.StateChange
                && !path.startsWith("wrapped/DERIVED"));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void aTruncatedBodyIsUnreadable(String path) {
        byte[] bytes = BODIES.get(path).strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length += 97) {
            ParsedBody reading = ParsedBodies.read(new String(bytes, 0, length, StandardCharsets.UTF_8));

            assertInstanceOf(ParsedBody.Unreadable.class, reading);
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void anyValueInPlaceOfAnyOtherGivesAReadingOfTheSameEntity(String path) {
        ParsedBody whole = ParsedBodies.read(BODIES.get(path));
        Object tree = Json.parse(BODIES.get(path));
        forEachField(tree, "", (field, object, name) -> {
            for (Object strange : STRANGE) {
                ParsedBody damaged = readWith(tree, object, name, strange);

                assertNotNull(damaged);
                if (whole instanceof ParsedBody.StateChange change && !matters(path, field)) {
                    assertTellsOf(change.upsert().observed(), damaged, field);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("pathsOfChanges")
    void nullIsTheSameAsNothing(String path) {
        Object tree = Json.parse(BODIES.get(path));
        forEachField(tree, "", (field, object, name) -> {
            ParsedBody withNull = readWith(tree, object, name, null);
            Object value = object.remove(name);
            ParsedBody without = ParsedBodies.read(Json.write(tree));
            object.put(name, value);

            assertEquals(ParsedBodies.content(without), ParsedBodies.content(withNull), field);
        });
    }

    @ParameterizedTest
    @MethodSource("pathsOfChanges")
    void theOrderOfFieldsDoesNotMatter(String path) {
        Observed<?> told = ParsedBodies.changeIn(BODIES.get(path));
        Object tree = Json.parse(BODIES.get(path));

        ParsedBodies.assertSays(told, Json.write(reordered(tree, null)));
        Seeds.forEach(20, random -> ParsedBodies.assertSays(told, Json.write(reordered(tree, random))));
    }

    @ParameterizedTest
    @MethodSource("pathsOfChanges")
    void unknownFieldsAreIgnoredAtEveryLevel(String path) {
        Observed<?> told = ParsedBodies.changeIn(BODIES.get(path));
        Object tree = Json.parse(BODIES.get(path));
        forEachObject(tree, object -> {
            object.put("later", Map.of("deep", List.of(Map.of("version", 99), List.of(), "x", 1.5)));
            object.put("alsoLater", "x");
        });

        ParsedBodies.assertSays(told, Json.write(tree));
    }

    @Test
    void aFieldThatWasFalselyTypedIsNamedInTheHint() {
        String path = "task/awsdoc-2020-fargate-running.json";
        Map<String, Object> tree = object(Json.parse(BODIES.get(path)));
        object(tree.get("detail")).put("overrides", List.of());

        ParsedBody.Hint hint = ParsedBodies.hintIn(Json.write(tree));

        assertEquals("overrides: START_ARRAY (expected: an object)", hint.reason());
    }

    private static boolean matters(String path, String field) {
        return ESSENTIAL.contains(field) || path.startsWith("wrapped/DERIVED");
    }

    /** Asserts that a body is about the same version of the entity, or asks to describe it. */
    private static void assertTellsOf(Observed<?> told, ParsedBody reading, String message) {
        if (reading instanceof ParsedBody.Hint hint) {
            assertEquals(told.arn(), hint.arn(), message);
            assertEquals(told.clusterArn(), hint.clusterArn().orElseThrow(), message);
            return;
        }
        Observed<?> actual = assertInstanceOf(ParsedBody.StateChange.class, reading, message)
                .upsert()
                .observed();
        assertEquals(told.arn(), actual.arn(), message);
        assertEquals(told.clusterArn(), actual.clusterArn(), message);
        assertEquals(told.version(), actual.version(), message);
    }

    private static ParsedBody readWith(Object tree, Map<String, Object> object, String name, Object strange) {
        Object value = object.put(name, strange);
        try {
            return ParsedBodies.read(Json.write(tree));
        } finally {
            object.put(name, value);
        }
    }

    private static Object reordered(Object value, Random random) {
        if (value instanceof List<?> list) {
            return list.stream().map(each -> reordered(each, random)).toList();
        }
        if (!(value instanceof Map<?, ?>)) {
            return value;
        }
        List<String> names = Arrays.asList(object(value).keySet().toArray(String[]::new));
        if (random == null) {
            Collections.reverse(names);
        } else {
            Collections.shuffle(names, random);
        }
        Map<String, Object> reordered = new LinkedHashMap<>();
        names.forEach(name -> reordered.put(name, reordered(object(value).get(name), random)));
        return reordered;
    }

    private static void forEachField(Object value, String path, FieldAction action) {
        if (value instanceof List<?> list) {
            list.forEach(each -> forEachField(each, path + "[]", action));
        } else if (value instanceof Map<?, ?>) {
            for (String name : List.copyOf(object(value).keySet())) {
                action.accept(path + "." + name, object(value), name);
                forEachField(object(value).get(name), path + "." + name, action);
            }
        }
    }

    private static void forEachObject(Object value, Consumer<Map<String, Object>> action) {
        if (value instanceof List<?> list) {
            list.forEach(each -> forEachObject(each, action));
        } else if (value instanceof Map<?, ?>) {
            new ArrayList<>(object(value).values()).forEach(each -> forEachObject(each, action));
            action.accept(object(value));
        }
    }

    @SuppressWarnings("unchecked") // a JSON object's names are strings
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }
}
