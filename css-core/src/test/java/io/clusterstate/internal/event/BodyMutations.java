package io.clusterstate.internal.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Random damage to bodies: to the tree of JSON values, and then to the text. */
final class BodyMutations {

    /** Marks a doubled name until the text is written, since a map has each name once. */
    private static final String DOUBLE = "\u0001double";

    private static final List<String> LITERALS = List.of(
            "null",
            "true",
            "0",
            "-1",
            "0.5",
            "1e400",
            "-1e400",
            "1e2147483647",
            "9223372036854775807",
            "9223372036854775808",
            "9".repeat(900),
            "9".repeat(5_000),
            "NaN",
            "\"\"",
            "\"Infinity\"",
            "\"2147483648\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\q\"",
            "\"\\u12\"",
            "\"\\u0000\"",
            "\"\u0000\"",
            "\"2026-02-30T00:00:00Z\"",
            "\"+999999999-12-31T23:59:59.999999999Z\"",
            "\"-999999999-01-01T00:00:00Z\"",
            "\"NEVER_SEEN\"",
            "\"arn:aws:ecs:::task/\"",
            "\"arn:aws:ecs:eu-west-1:1:task/a//b\"",
            "\"arn:aws:ecs:eu-west-1:1:cluster/\\ud800\"",
            "\"" + "x".repeat(70_000) + "\"",
            "[]",
            "{}",
            "[[[[1]]]]",
            "[".repeat(999) + "]".repeat(999),
            "[".repeat(3_000),
            "{\"a\":".repeat(1_500) + "1" + "}".repeat(1_500));

    private static final String CHARACTERS = "\"\\{}[],:.-+0123456789eEtfnu/ \n\t\u0000\u001f\u007f\u00e9\ufeff\ud800";

    /** A value that is written as it is. */
    private record Literal(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** A member or an element: the map or list that holds it, and its name or index. */
    private record Place(Object holder, Object at) {

        Object value() {
            return holder instanceof Map<?, ?> map ? map.get(at) : ((List<?>) holder).get((Integer) at);
        }

        @SuppressWarnings("unchecked") // the tree's own maps and lists
        void put(Object value) {
            if (holder instanceof Map<?, ?>) {
                ((Map<String, Object>) holder).put((String) at, value);
            } else {
                ((List<Object>) holder).set((Integer) at, value);
            }
        }

        @SuppressWarnings("unchecked") // the tree's own maps
        void add(String name, Object value) {
            if (holder instanceof Map<?, ?>) {
                ((Map<String, Object>) holder).put(name, value);
            }
        }

        void remove() {
            if (holder instanceof Map<?, ?> map) {
                map.remove(at);
            } else {
                ((List<?>) holder).remove((int) (Integer) at);
            }
        }
    }

    private final List<String> bodies;
    private final Random random;

    BodyMutations(List<String> bodies, Random random) {
        this.bodies = bodies;
        this.random = random;
    }

    /** One of the bodies, damaged up to four times. */
    String next() {
        Object tree = Json.parse(any(bodies));
        for (int i = random.nextInt(3); i > 0; i--) {
            damage(tree);
        }
        String text = Json.write(tree).replace("\\u0001double", "");
        if (random.nextInt(8) == 0) {
            text = Json.write(Map.of("Type", "Notification", "TopicArn", "arn:aws:sns:eu-west-1:1:t", "Message", text));
        }
        for (int i = Math.max(0, random.nextInt(5) - 2); i > 0; i--) {
            text = damaged(text);
        }
        return text;
    }

    private void damage(Object tree) {
        List<Place> places = new ArrayList<>();
        collect(tree, places);
        if (places.isEmpty()) {
            return;
        }
        Place place = any(places);
        switch (random.nextInt(8)) {
            case 0 -> place.remove();
            case 1 -> place.add(place.at() + DOUBLE, copied(any(places).value()));
            case 2 -> place.add(otherCase(place.at().toString()), copied(place.value()));
            case 3 -> place.put(nested(place.value()));
            case 4 -> place.put(retyped(place.value()));
            case 5 -> place.put(copied(any(places).value()));
            default -> place.put(new Literal(any(LITERALS)));
        }
    }

    private static void collect(Object value, List<Place> places) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> {
                places.add(new Place(map, name));
                collect(member, places);
            });
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                places.add(new Place(list, i));
                collect(list.get(i), places);
            }
        }
    }

    /** A copy, since a tree must not contain itself. */
    private static Object copied(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((name, each) -> copy.put((String) name, copied(each)));
            return copy;
        }
        return value instanceof List<?> list
                ? list.stream().map(BodyMutations::copied).collect(Collectors.toCollection(ArrayList::new))
                : value;
    }

    private static String otherCase(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.equals(lower) ? name.toUpperCase(Locale.ROOT) : lower;
    }

    private Object nested(Object value) {
        Object nested = value;
        for (int i = random.nextInt(4); i >= 0; i--) {
            nested = random.nextBoolean() ? new ArrayList<>(Collections.singletonList(nested)) : map(nested);
        }
        return nested;
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("value", value);
        return map;
    }

    /** A number for its text, a text for any other value, and a list for a text. */
    private static Object retyped(Object value) {
        if (value instanceof String text) {
            return text.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(text) : new ArrayList<>(List.of(text));
        }
        return value instanceof Number number ? number.toString() : value == null ? "null" : value.toString();
    }

    private String damaged(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int at = random.nextInt(text.length());
        int to = Math.min(text.length(), at + 1 + random.nextInt(1 << random.nextInt(8)));
        String before = text.substring(0, at);
        return switch (random.nextInt(7)) {
            case 0 -> before;
            case 1 -> before + text.substring(to);
            case 2 -> text.substring(0, to) + text.substring(at);
            case 3 -> before + character() + text.substring(at);
            case 4 -> before + (char) (text.charAt(at) ^ (1 << random.nextInt(16))) + text.substring(at + 1);
            case 5 -> before + any(LITERALS) + text.substring(to);
            default -> before + any(bodies).substring(0, 1 + random.nextInt(100)) + text.substring(to);
        };
    }

    private char character() {
        return random.nextBoolean()
                ? CHARACTERS.charAt(random.nextInt(CHARACTERS.length()))
                : (char) random.nextInt(65_536);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
