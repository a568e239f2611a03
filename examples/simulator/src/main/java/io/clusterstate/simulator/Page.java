package io.clusterstate.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing. A token is the position after which the next page begins, so it stays valid while entities come
 * and go.
 *
 * @param items the items of the page, in the order of positions
 * @param nextToken the token of the next page; null on the last page
 */
record Page<T>(List<T> items, @Nullable String nextToken) {
    private static final String MARK = "position:";

    /** The position before the first. */
    static final long START = -1;

    Page {
        items = List.copyOf(items);
    }

    <R> List<R> map(Function<T, R> spelling) {
        return items.stream().map(spelling).toList();
    }

    static String tokenAfter(long position) {
        return Base64.getUrlEncoder().encodeToString((MARK + position).getBytes(StandardCharsets.US_ASCII));
    }

    /** The position in a caller's token; {@link #START} without a token. */
    static long positionOf(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return START;
        }
        try {
            var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
            if (text.startsWith(MARK)) {
                return Long.parseLong(text.substring(MARK.length()));
            }
        } catch (IllegalArgumentException e) {
            throw EcsError.invalid("Invalid token " + token + ".");
        }
        throw EcsError.invalid("Invalid token " + token + ".");
    }

    /** The size of a page: the requested size from 1 to 100, or the operation's default. */
    static int sizeOf(@Nullable Integer asked, int standard) {
        if (asked == null) {
            return standard;
        }
        if (asked < 1 || asked > 100) {
            throw EcsError.invalid("maxResults: " + asked + " (expected: 1 to 100)");
        }
        return asked;
    }
}
