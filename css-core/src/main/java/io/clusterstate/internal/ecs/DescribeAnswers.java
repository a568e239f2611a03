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
 * What ECS answered about entities of one kind: one {@link DescribeAnswer} for each that it was asked about, by the ARN
 * or name by which it was asked. ECS may name an entity by another form of its ARN than it was asked by.
 *
 * <p>Thread: one at a time.
 *
 * @param <T> the AWS SDK's type of the entities
 */
public final class DescribeAnswers<T> {

    /** The one reason that says that there is no such entity. Source: the ECS API reference, "API failure reasons". */
    private static final String MISSING = "MISSING";

    private static final String DENIED = "ACCESS_DENIED";

    private final Map<String, DescribeAnswer<T>> byAsked = new LinkedHashMap<>();
    /** The ARNs by which ECS named what it found, and what it found not. */
    private final List<String> named = new ArrayList<>();

    /** No answers yet; {@link #add} adds some. */
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
        asked.forEach(arn -> answers.byAsked.put(arn, new Unclear<>("not answered", false)));
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
     * One answer that holds for several entities.
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
     * @param test is given the ARN, id or name in the request, and the answer
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
     * @param action is given the ARN, id or name in the request, and the answer
     */
    public void forEach(BiConsumer<String, DescribeAnswer<T>> action) {
        byAsked.forEach(action);
    }

    /**
     * The ARNs in ECS's responses, of entities found and of entities not found.
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
        return answer == null ? new Unclear<>("not asked", false) : answer;
    }

    /**
     * The entities that ECS described.
     *
     * @return them, each with its stamp
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
     * @return the reason of each, by the ARN, id or name in the request
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
