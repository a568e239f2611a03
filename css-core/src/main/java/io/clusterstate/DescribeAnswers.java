package io.clusterstate;

import io.clusterstate.Answer.Found;
import io.clusterstate.Answer.Missing;
import io.clusterstate.Answer.Unclear;
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
 * What ECS answered about entities of one kind: one {@link Answer} for each that it was asked about, by the ARN or name by
 * which it was asked. ECS may name an entity by another form of its ARN than it was asked by.
 *
 * <p>Thread: one at a time.
 *
 * @param <T> the AWS SDK's type of the entities
 */
final class DescribeAnswers<T> {

    /** The one reason that says that there is no such entity. Source: the ECS API reference, "API failure reasons". */
    private static final String MISSING = "MISSING";

    private static final String DENIED = "ACCESS_DENIED";

    private final Map<String, Answer<T>> byAsked = new LinkedHashMap<>();
    /** The ARNs by which ECS named what it found, and what it found not. */
    private final List<String> named = new ArrayList<>();

    /** Answers to which others can be added. */
    DescribeAnswers() {}

    /** The answers of one call. */
    static <T> DescribeAnswers<T> of(
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

    /** The same answer about each. */
    static <T> DescribeAnswers<T> same(Collection<String> asked, Answer<T> answer) {
        DescribeAnswers<T> answers = new DescribeAnswers<>();
        asked.forEach(arn -> answers.byAsked.put(arn, answer));
        return answers;
    }

    private static <T> Answer<T> answerOf(Failure failure, Instant askedAt) {
        return MISSING.equals(failure.reason())
                ? new Missing<>(askedAt)
                : new Unclear<>(reasonOf(failure), DENIED.equals(failure.reason()));
    }

    private static String reasonOf(Failure failure) {
        @Nullable String detail = failure.detail();
        return detail == null ? String.valueOf(failure.reason()) : failure.reason() + " " + detail;
    }

    void add(DescribeAnswers<T> more) {
        byAsked.putAll(more.byAsked);
        named.addAll(more.named);
    }

    /** Those of which the ARN or name by which they were asked about, and the answer, pass a test. */
    DescribeAnswers<T> where(BiPredicate<String, Answer<T>> test) {
        DescribeAnswers<T> some = new DescribeAnswers<>();
        byAsked.forEach((asked, answer) -> {
            if (test.test(asked, answer)) {
                some.byAsked.put(asked, answer);
            }
        });
        return some;
    }

    /** Works on each answer, with the ARN or name that was asked about. */
    void forEach(BiConsumer<String, Answer<T>> action) {
        byAsked.forEach(action);
    }

    /** The ARNs that ECS itself wrote, of what it found and of what it found not. */
    List<String> named() {
        return named;
    }

    /** The answer about one entity, by the ARN or name that was asked about. */
    Answer<T> about(String asked) {
        Answer<T> answer = byAsked.get(asked);
        return answer == null ? new Unclear<>("not asked", false) : answer;
    }

    List<Found<T>> found() {
        return byAsked.values().stream()
                .filter(Found.class::isInstance)
                .map(answer -> (Found<T>) answer)
                .toList();
    }

    /** Those that ECS says there are not, by the ARN or name by which they were asked about, each with its stamp. */
    Map<String, Instant> missing() {
        Map<String, Instant> missing = new LinkedHashMap<>();
        byAsked.forEach((asked, answer) -> {
            if (answer instanceof Missing<T> gone) {
                missing.put(asked, gone.askedAt());
            }
        });
        return missing;
    }

    /** Those of which the answer is unclear, each with the reason. */
    Map<String, String> unclear() {
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
