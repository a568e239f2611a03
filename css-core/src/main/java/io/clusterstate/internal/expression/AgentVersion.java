package io.clusterstate.internal.expression;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version of the container agent, such as 1.86.3. A part that is missing counts as 0.
 *
 * @param parts the numbers, the most significant first
 */
record AgentVersion(List<Integer> parts) implements Comparable<AgentVersion> {

    private static final Pattern NUMBERS = Pattern.compile("\\d{1,9}(\\.\\d{1,9}){0,9}");

    /** A version of numbers and dots alone; null for any other text. */
    static @Nullable AgentVersion of(String text) {
        return NUMBERS.matcher(text).matches() ? new AgentVersion(numbers(text)) : null;
    }

    /** The numbers at the beginning of a version; null if there are none. A suffix such as {@code -dev} is ignored. */
    static @Nullable AgentVersion leading(String text) {
        Matcher matcher = NUMBERS.matcher(text);
        return matcher.lookingAt() ? new AgentVersion(numbers(matcher.group())) : null;
    }

    @Override
    public int compareTo(AgentVersion other) {
        int length = Math.max(parts.size(), other.parts.size());
        for (int i = 0; i < length; i++) {
            int difference = Integer.compare(part(i), other.part(i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private int part(int index) {
        return index < parts.size() ? parts.get(index) : 0;
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split("\\.", -1)).map(Integer::valueOf).toList();
    }
}
