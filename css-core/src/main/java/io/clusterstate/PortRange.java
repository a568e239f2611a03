package io.clusterstate;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of ports in ECS's form, such as {@code 9000-9010}.
 *
 * @param first the first port
 * @param last the last port
 */
record PortRange(int first, int last) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

    static Optional<PortRange> parse(@Nullable String text) {
        Matcher range = FORM.matcher(text == null ? "" : text);
        return range.matches()
                ? Optional.of(new PortRange(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2))))
                : Optional.empty();
    }

    boolean contains(int port) {
        return first <= port && port <= last;
    }

    /** The port of a range of the same length that stands at the place of a port in this range. */
    Optional<Integer> counterpart(int port, PortRange other) {
        boolean isPair = contains(port) && other.last - other.first == last - first;
        return isPair ? Optional.of(other.first + port - first) : Optional.empty();
    }
}
