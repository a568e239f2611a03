package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list. A token is the place of the last entity on the page before, so it stays valid while entities come
 * and go.
 *
 * @param arns the ARNs of the page
 * @param nextToken the token of the next page; null on the last
 */
record FakeEcsPage(List<String> arns, @Nullable String nextToken) {

    private static final int MOST = 100;

    /** The page that a request asks for, of {@code standard} ARNs unless the request sets a number. */
    static <T> FakeEcsPage of(
            EntityKind<T> kind,
            List<FakeEcsState.Held<T>> all,
            @Nullable String token,
            @Nullable Integer asked,
            int standard) {
        if (asked != null && (asked < 1 || asked > MOST)) {
            throw FakeEcsErrors.invalid("maxResults: " + asked + " (expected: 1 to " + MOST + ")");
        }
        int size = asked == null ? standard : asked;
        long after = placeIn(token);
        List<FakeEcsState.Held<T>> rest =
                all.stream().filter(each -> each.position() > after).toList();
        List<FakeEcsState.Held<T>> page = rest.subList(0, Math.min(size, rest.size()));
        return new FakeEcsPage(
                page.stream().map(each -> kind.arnOf(each.value())).toList(),
                page.size() < rest.size()
                        ? Long.toString(page.get(page.size() - 1).position())
                        : null);
    }

    private static long placeIn(@Nullable String token) {
        try {
            return token == null ? 0 : Long.parseLong(token);
        } catch (NumberFormatException e) {
            throw FakeEcsErrors.invalid("Invalid token " + token + ".");
        }
    }
}
