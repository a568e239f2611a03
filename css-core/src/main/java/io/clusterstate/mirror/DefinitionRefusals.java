package io.clusterstate.mirror;

import io.clusterstate.internal.loop.Environment;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The task definitions that could not be fetched, each with the reason and the time before which it is not asked for
 * again. The pause doubles with each refusal, and varies.
 *
 * <p>Thread: one at a time.
 */
final class DefinitionRefusals {

    /** A refusal does not pass by itself: somebody has to grant a right, or the reference has to end. */
    private static final Duration FIRST = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofHours(1);

    private record Refusal(String why, int times, long dueAt) {}

    private final Environment environment;
    private final Map<String, Refusal> byArn = new HashMap<>();

    DefinitionRefusals(Environment environment) {
        this.environment = environment;
    }

    /** Notes a refusal; returns whether it is the first of its definition. */
    boolean add(String arn, String why) {
        Refusal before = byArn.get(arn);
        int times = before == null ? 1 : before.times() + 1;
        long pause = Math.min(LONGEST.toNanos(), FIRST.toNanos() << Math.min(times - 1, 10));
        long varied = (long) (pause * (0.5 + environment.nextDouble() / 2));
        byArn.put(arn, new Refusal(why, times, environment.time().nanos() + varied));
        return before == null;
    }

    /** Whether a definition may be asked for: it was not refused, or long enough ago. */
    boolean isDue(String arn) {
        Refusal refusal = byArn.get(arn);
        return refusal == null || environment.time().nanos() - refusal.dueAt() >= 0;
    }

    /** Forgets the definitions that do not pass a test. */
    void keepOnly(Predicate<String> test) {
        byArn.keySet().removeIf(arn -> !test.test(arn));
    }

    Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        byArn.forEach((arn, refusal) -> reasons.put(arn, refusal.why()));
        return Collections.unmodifiableMap(reasons);
    }
}
