package io.clusterstate.examples.stateserver;

import io.clusterstate.Observed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, in the order of ARNs. Its cursor has the last ARN and the revision of the first part, and pins
 * nothing: each part shows the present state. A client that has all parts follows the changes after the first part's
 * revision, and then has missed none.
 *
 * @param limit the most entities; {@link #ALL} without a limit
 * @param since the revisions that the first part showed
 * @param after the last ARN of the part before; empty for the first part
 */
record Page(int limit, Revisions since, String after) {

    static final String LIMIT = "limit";
    static final String NEXT = "next";

    private static final int ALL = Integer.MAX_VALUE;
    private static final int MOST = 5_000;
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,19}|[a-z0-9/:,-]+:[0-9]{1,19})-([A-Za-z0-9_-]+)");

    /** Reads the part that a request asks for. */
    static Page of(Filters filters, Revisions now) {
        String limit = filters.values().get(LIMIT);
        String next = filters.values().get(NEXT);
        int most = limit == null ? (next == null ? ALL : MOST) : limit(limit);
        return next == null ? new Page(most, now, "") : after(next, most, now);
    }

    private static int limit(String text) {
        if (text.matches("[0-9]{1,9}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        }
        throw HttpError.bad("Invalid limit (expected: 1 to " + MOST + ")");
    }

    private static Page after(String next, int limit, Revisions now) {
        Matcher cursor = CURSOR.matcher(next);
        if (!cursor.matches()) {
            throw invalidNext();
        }
        try {
            Revisions since = parsed(cursor.group(1));
            if (!since.areIn(now)) {
                throw HttpError.bad("Entity version is out of range");
            }
            byte[] arn = Base64.getUrlDecoder().decode(cursor.group(2));
            return new Page(limit, since, new String(arn, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw invalidNext();
        }
    }

    private static Revisions parsed(String text) {
        try {
            return Revisions.parse(text);
        } catch (HttpError e) {
            throw invalidNext();
        }
    }

    private static HttpError invalidNext() {
        return HttpError.bad("Invalid next (expected: that of an earlier answer)");
    }

    /** Writes the members of the list. */
    <T> void write(Fields fields, Stream<Observed<T>> found, Fields.Part<Observed<T>> item) throws IOException {
        List<Observed<T>> rest = found.filter(each -> each.arn().compareTo(after) > 0)
                .sorted(Comparator.comparing(Observed::arn))
                .limit(limit == ALL ? ALL : limit + 1L) // one more, to know whether there is more
                .toList();
        List<Observed<T>> shown = rest.size() > limit ? rest.subList(0, limit) : rest;
        fields.list("items", shown, item);
        if (limit != ALL) {
            fields.text("entityVersion", since.toString()).text(NEXT, next(shown, rest.size() > limit));
        }
    }

    private @Nullable String next(List<? extends Observed<?>> shown, boolean isMore) {
        if (!isMore) {
            return null;
        }
        byte[] arn = shown.get(shown.size() - 1).arn().getBytes(StandardCharsets.UTF_8);
        return since + "-" + Base64.getUrlEncoder().withoutPadding().encodeToString(arn);
    }
}
