package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The answers to calls of RunTask by client token, in each cluster. A token is kept for a day, or as long as one of its
 * tasks can be described if that is shorter. Source: the ECS API reference, "Ensuring idempotency".
 */
final class ClientTokens {
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final String FORM = "[\\x21-\\x7E]{1,64}";

    private final Map<String, Use> uses = new HashMap<>();

    /** The first answer to a request with this token; empty for a new token or none. */
    Optional<RunTaskResponse> answer(LiveCluster cluster, RunTaskRequest request, Instant now) {
        var token = request.clientToken();
        if (token == null) {
            return Optional.empty();
        }
        if (!token.matches(FORM)) {
            throw EcsError.invalid("clientToken: " + token + " (expected: up to 64 visible ASCII characters)");
        }
        var use = uses.get(key(cluster, token));
        if (use == null || use.isOver(cluster, now)) {
            return Optional.empty();
        }
        if (!use.request().equals(request)) {
            throw EcsError.conflict(
                    "The provided clientToken is already in use with a different RunTask request.",
                    use.response().tasks().stream().map(Task::taskArn).toList());
        }
        return Optional.of(use.response());
    }

    /** Keeps an answer with tasks under the token of its request. */
    void keep(LiveCluster cluster, RunTaskRequest request, RunTaskResponse response, Instant now) {
        if (request.clientToken() != null && !response.tasks().isEmpty()) {
            uses.values().removeIf(it -> it.cluster() == cluster && it.isOver(cluster, now));
            uses.put(key(cluster, request.clientToken()), new Use(cluster, request, response, now));
        }
    }

    private static String key(LiveCluster cluster, @Nullable String token) {
        return cluster.arn() + " " + token;
    }

    private record Use(LiveCluster cluster, RunTaskRequest request, RunTaskResponse response, Instant at) {
        boolean isOver(LiveCluster current, Instant now) {
            return now.isAfter(at.plus(LONGEST))
                    || response.tasks().stream()
                            .allMatch(it -> current.task(it.taskArn()).isEmpty());
        }
    }
}
