package io.clusterstate.mirror;

import io.clusterstate.internal.loop.Environment;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The task definitions that could not be fetched, each with the reason and the time before which it is not asked for
 * again. The pause doubles with each failure of its kind, and varies. A denial pauses the fetches of all definitions.
 *
 * <p>Thread: one at a time.
 */
final class DefinitionRefusals {

    /** The kind of a failure, which sets the pauses after it. */
    enum Kind {
        /** A failure about one definition that does not pass by itself: the reference has to end. */
        REFUSED(Duration.ofMinutes(1), Duration.ofHours(1)),
        /** A lack of a right: somebody has to grant it. */
        DENIED(Duration.ofMinutes(1), Duration.ofMinutes(10)),
        /** An outage, or an answer that cannot be read. */
        PASSING(Duration.ofSeconds(2), Duration.ofMinutes(5));

        private final Duration first;
        private final Duration longest;

        Kind(Duration first, Duration longest) {
            this.first = first;
            this.longest = longest;
        }
    }

    /** After this many failures, a passing failure is reported as a refusal is. */
    private static final int LASTING = 3;

    private record Refusal(Kind kind, String why, int times, long dueAt) {

        boolean isReported() {
            return kind != Kind.PASSING || times >= LASTING;
        }
    }

    private final Environment environment;
    private final Map<String, Refusal> byArn = new HashMap<>();
    /** The denial of the right to fetch anything; null if there is none. */
    private @Nullable Refusal denial;

    DefinitionRefusals(Environment environment) {
        this.environment = environment;
    }

    /**
     * Notes a failure.
     *
     * @return whether a log should mention it: the first of its definition, and the first denial of all
     */
    boolean add(String arn, Kind kind, String why) {
        Refusal before = byArn.get(arn);
        byArn.put(arn, after(before, kind, why));
        if (kind != Kind.DENIED) {
            return before == null || before.kind != kind;
        }
        boolean isNew = denial == null;
        denial = after(denial, kind, why);
        return isNew;
    }

    private Refusal after(@Nullable Refusal before, Kind kind, String why) {
        int times = before == null || before.kind != kind ? 1 : before.times + 1;
        long pause = Math.min(kind.longest.toNanos(), kind.first.toNanos() << Math.min(times - 1, 10));
        long varied = (long) (pause * (0.5 + environment.nextDouble() / 2));
        return new Refusal(kind, why, times, environment.time().nanos() + varied);
    }

    /**
     * Notes that ECS has answered a call as one that it permits.
     *
     * @return the number of denials that this ends; 0 if none was open
     */
    int permitted() {
        int denials = denial == null ? 0 : denial.times;
        denial = null;
        return denials;
    }

    /** Whether a definition may be asked for: neither its own pause nor that of a denial lasts. */
    boolean isDue(String arn) {
        return isOver(denial) && isOver(byArn.get(arn));
    }

    private boolean isOver(@Nullable Refusal refusal) {
        return refusal == null || environment.time().nanos() - refusal.dueAt >= 0;
    }

    /** Forgets the definitions that do not pass a test. */
    void keepOnly(Predicate<String> test) {
        byArn.keySet().removeIf(arn -> !test.test(arn));
    }

    /** The reason of each definition; a failure that may pass is left out until it has come several times. */
    Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        byArn.forEach((arn, refusal) -> {
            if (refusal.isReported()) {
                reasons.put(arn, refusal.why);
            }
        });
        return Collections.unmodifiableMap(reasons);
    }
}
