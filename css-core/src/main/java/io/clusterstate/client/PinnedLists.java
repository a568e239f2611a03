package io.clusterstate.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

/**
 * The lists that have more than a page. A list is pinned as of its first page, so that its pages are about one moment.
 *
 * <p>Thread: safe for any thread; a lock is held for a lookup at most.
 */
final class PinnedLists {

    /** The most lists that are pinned at once; a new one then takes the place of the list asked least recently. */
    static final int MOST = 256;

    private static final String MARK = "css-view:";

    private final String origin = MARK + UUID.randomUUID() + ':';
    private final InstantSource clock;
    private final Duration lifetime;
    private final Map<String, Pinned> lists = new LinkedHashMap<>(16, 0.75f, true);
    private long last;

    private record Pinned(EcsRequest filters, List<String> arns, Instant end) {}

    /** A page. {@code nextToken} is empty on the last one. */
    record Page(List<String> arns, String nextToken) {}

    PinnedLists(InstantSource clock, Duration lifetime) {
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** Whether a view client gave a token; ECS gave any other. */
    static boolean isOwn(String token) {
        return token.startsWith(MARK);
    }

    /** The first page of a list, which is pinned if it has more. */
    Page first(EcsRequest filters, List<String> arns, int size) {
        if (arns.size() <= size) {
            return new Page(arns, "");
        }
        return page(pin(filters, arns), arns, 0, size);
    }

    private synchronized String pin(EcsRequest filters, List<String> arns) {
        Instant now = clock.instant();
        lists.values().removeIf(each -> each.end().isBefore(now));
        if (lists.size() >= MOST) {
            lists.remove(lists.keySet().iterator().next());
        }
        String id = origin + ++last;
        lists.put(id, new Pinned(filters, arns, now.plus(lifetime)));
        return id;
    }

    /**
     * A later page.
     *
     * @throws InvalidParameterException if the list is pinned no longer, or belongs to other filters
     */
    Page next(String token, EcsRequest filters, int size) {
        int colon = token.lastIndexOf(':');
        Pinned pinned = pinned(token.substring(0, colon));
        int from = offset(token.substring(colon + 1));
        if (pinned == null
                || pinned.end().isBefore(clock.instant())
                || from >= pinned.arns().size()) {
            throw invalid("nextToken: " + token + ", whose list this client does not hold, or no longer (expected: a"
                    + " token of one of the last " + MOST + " lists, and of the last " + lifetime + ")");
        }
        if (!pinned.filters().equalsBySdkFields(filters)) {
            throw invalid("nextToken: " + token + ", with the filters " + filters + " (expected: those of the first"
                    + " page, " + pinned.filters() + ")");
        }
        return page(token.substring(0, colon), pinned.arns(), from, size);
    }

    private synchronized @Nullable Pinned pinned(String id) {
        return lists.get(id);
    }

    private static int offset(String digits) {
        return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
    }

    private static Page page(String id, List<String> arns, int from, int size) {
        int to = Math.min(from + size, arns.size());
        return new Page(arns.subList(from, to), to < arns.size() ? id + ':' + to : "");
    }

    private static InvalidParameterException invalid(String message) {
        return InvalidParameterException.builder()
                .message(message)
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("Ecs")
                        .errorCode("InvalidParameterException")
                        .errorMessage(message)
                        .build())
                .build();
    }
}
