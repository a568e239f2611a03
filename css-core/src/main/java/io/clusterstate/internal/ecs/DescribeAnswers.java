package io.clusterstate.internal.ecs;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.DescribeAnswer.Found;
import io.clusterstate.internal.ecs.DescribeAnswer.Missing;
import io.clusterstate.internal.ecs.DescribeAnswer.Unclear;
import io.clusterstate.internal.shape.Canonical;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Failure;

/**
 * ECS's answers about entities of one kind: one {@link DescribeAnswer} for each ARN or name in the request. ECS may
 * name an entity by another form of its ARN than the request.
 *
 * <p>Thread: one at a time.
 *
 * @param <T> the AWS SDK's type of the entities
 */
public final class DescribeAnswers<T> {

    /**
     * The only reason that states that an entity does not exist. Source: the ECS API reference, "API failure reasons".
     */
    private static final String MISSING = "MISSING";

    private static final String DENIED = "ACCESS_DENIED";

    private final Map<String, DescribeAnswer<T>> byAsked = new LinkedHashMap<>();
    /** The ARNs in ECS's responses, of entities found and missing. */
    private final List<String> named = new ArrayList<>();

    /** Creates an empty collection of answers. */
    public DescribeAnswers() {}

    /**
     * The answers of one call.
     *
     * @param kind the kind of all entities
     * @param asked the ARNs, ids or names in the request
     * @param values the entities in ECS's response
     * @param failures the failures in ECS's response
     * @param askedAt the stamp of the attempt that ECS answered
     * @param <T> the AWS SDK's type of the entities
     * @return one answer for each of {@code asked}
     */
    public static <T> DescribeAnswers<T> of(
            EntityKind<T> kind, List<String> asked, List<?> values, List<Failure> failures, Instant askedAt) {
        DescribeAnswers<T> answers = new DescribeAnswers<>();
        ArnMatcher matcher = new ArnMatcher(asked);
        asked.forEach(arn -> answers.byAsked.put(arn, new Unclear<>("not in the answer of ECS", false)));
        for (Failure failure : failures) {
            Optional.ofNullable(failure.arn()).ifPresent(answers.named::add);
            matcher.match(failure.arn()).ifPresent(arn -> answers.byAsked.put(arn, answerOf(failure, askedAt)));
        }
        for (Object value : values) {
            T entity = Canonical.of(kind.type(), kind.type().cast(value));
            kind.arnIn(entity).ifPresent(answers.named::add);
            matcher.match(kind.arnIn(entity).orElse(null))
                    .ifPresent(arn -> answers.byAsked.put(arn, new Found<>(entity, askedAt)));
        }
        return answers;
    }

    /**
     * A common answer about several entities.
     *
     * @param asked their ARNs, ids or names
     * @param answer the answer
     * @param <T> the AWS SDK's type of the entities
     * @return that answer for each of {@code asked}
     */
    public static <T> DescribeAnswers<T> same(Collection<String> asked, DescribeAnswer<T> answer) {
        DescribeAnswers<T> answers = new DescribeAnswers<>();
        asked.forEach(arn -> answers.byAsked.put(arn, answer));
        return answers;
    }

    private static <T> DescribeAnswer<T> answerOf(Failure failure, Instant askedAt) {
        return MISSING.equals(failure.reason())
                ? new Missing<>(askedAt)
                : new Unclear<>(reasonOf(failure), DENIED.equals(failure.reason()));
    }

    private static String reasonOf(Failure failure) {
        @Nullable String detail = failure.detail();
        return detail == null ? String.valueOf(failure.reason()) : failure.reason() + " " + detail;
    }

    /**
     * Adds the answers of another call.
     *
     * @param more answers about other entities of this kind
     */
    public void add(DescribeAnswers<T> more) {
        byAsked.putAll(more.byAsked);
        named.addAll(more.named);
    }

    /**
     * The answers that pass a test.
     *
     * @param test a test of the ARN, id or name in the request, and the answer
     * @return those answers
     */
    public DescribeAnswers<T> where(BiPredicate<String, DescribeAnswer<T>> test) {
        DescribeAnswers<T> some = new DescribeAnswers<>();
        byAsked.forEach((asked, answer) -> {
            if (test.test(asked, answer)) {
                some.byAsked.put(asked, answer);
            }
        });
        return some;
    }

    /**
     * Passes each answer to an action, in the order of the request.
     *
     * @param action an action on the ARN, id or name in the request, and the answer
     */
    public void forEach(BiConsumer<String, DescribeAnswer<T>> action) {
        byAsked.forEach(action);
    }

    /**
     * The ARNs in ECS's responses, of entities found and missing.
     *
     * @return the ARNs as ECS wrote them
     */
    public List<String> named() {
        return named;
    }

    /**
     * The answer about one entity.
     *
     * @param asked the ARN, id or name in the request
     * @return the answer; unclear if the request did not name the entity
     */
    public DescribeAnswer<T> about(String asked) {
        DescribeAnswer<T> answer = byAsked.get(asked);
        return answer == null ? new Unclear<>("not in the request", false) : answer;
    }

    /**
     * The entities that ECS described.
     *
     * @return the entities, each with its stamp
     */
    public List<Found<T>> found() {
        return byAsked.values().stream()
                .filter(Found.class::isInstance)
                .map(answer -> (Found<T>) answer)
                .toList();
    }

    /**
     * The entities that ECS reports as {@code MISSING}.
     *
     * @return the stamp of each answer, by the ARN, id or name in the request
     */
    public Map<String, Instant> missing() {
        Map<String, Instant> missing = new LinkedHashMap<>();
        byAsked.forEach((asked, answer) -> {
            if (answer instanceof Missing<T> gone) {
                missing.put(asked, gone.askedAt());
            }
        });
        return missing;
    }

    /**
     * The entities about which ECS's answer proves nothing.
     *
     * @return the reason for each, by the ARN, id or name in the request
     */
    public Map<String, String> unclear() {
        Map<String, String> unclear = new LinkedHashMap<>();
        byAsked.forEach((asked, answer) -> {
            if (answer instanceof Unclear<T> doubt) {
                unclear.put(asked, doubt.reason());
            }
        });
        return unclear;
    }

    @Override
    public String toString() {
        return byAsked.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining("; "));
    }
}
