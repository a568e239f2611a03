package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Makes events that do not belong in the queue. Foreign events, of another account, Region or partition, come when a
 * rule forwards too much. Replays of past events come from an EventBridge archive.
 */
final class StrayEvents {
    private static final double BESIDE = 0.1;
    private static final int KINDS = 7;
    private static final List<String> OTHER_REGIONS = List.of("eu-west-1", "ap-southeast-2");
    private static final Duration YOUNGEST = Duration.ofHours(1);
    private static final Duration OLDEST = Duration.ofDays(7);
    private static final Pattern ID = Pattern.compile(
            "\\b[0-9a-f]{32}\\b|\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b|(?<=\\bi-)[0-9a-f]{17}\\b");

    private final Arns home;
    private final Archive archive;
    private final Predicate<String> isKnown;
    private final Randomness random;
    private final List<Arns> elsewhere;

    /** @param isKnown whether ECS can still describe the task or container instance of an ARN */
    StrayEvents(Arns home, Archive archive, Predicate<String> isKnown, Randomness random) {
        this.home = home;
        this.archive = archive;
        this.isKnown = isKnown;
        this.random = random;
        var otherAccount = otherThan(home.account());
        var otherRegion = OTHER_REGIONS.stream()
                .filter(it -> !it.equals(home.region()))
                .findFirst()
                .orElseThrow();
        this.elsewhere = List.of(
                new Arns(home.partition(), home.region(), otherAccount),
                new Arns(home.partition(), otherRegion, home.account()),
                new Arns("aws-cn", "cn-north-1", otherAccount));
    }

    /** The stray event to send beside an event; mostly empty. */
    Optional<EcsEvent> beside(EcsEvent event) {
        if (!random.chance(BESIDE)) {
            return Optional.empty();
        }
        int kind = random.below(KINDS);
        return switch (kind) {
            case 0, 1, 2 -> Optional.of(elsewhere(event, elsewhere.get(kind), kind + 1));
            case 3 -> archive.any(random).map(this::replayed);
            case 4 -> archive.anyOfBefore(random).map(this::replayed);
            case 5 -> archive.anyAliveThen(isKnown, random).map(this::replayed).or(this::ofBefore);
            default -> ofBefore();
        };
    }

    /** A similar event of another place, where clusters have equal names and everything else has other ids. */
    private EcsEvent elsewhere(EcsEvent event, Arns place, int turn) {
        UnaryOperator<String> moved = text -> ID.matcher(text)
                .replaceAll(id -> turned(id.group(), turn))
                .replace("arn:" + home.partition() + ":", "arn:" + place.partition() + ":")
                .replace(home.region(), place.region())
                .replace(home.account(), place.account());
        return rewritten(event, new ModelRewriter(moved, UnaryOperator.identity()));
    }

    /** A replay about a task or a container instance that ended before the simulation began. */
    private Optional<EcsEvent> ofBefore() {
        return archive.anyAlive(random).map(event -> {
            var id = Arns.lastSegment(event.resource());
            var other = turned(id, random.between(1, 15));
            var age = YOUNGEST.plus(random.upTo(OLDEST));
            UnaryOperator<String> renamed = text -> text.replace(id, other);
            UnaryOperator<Instant> earlier = time -> time.minus(age);
            return replayed(rewritten(event, new ModelRewriter(renamed, earlier)));
        });
    }

    private EcsEvent rewritten(EcsEvent event, ModelRewriter rewriter) {
        return new EcsEvent(
                random.uuid(),
                event.kind(),
                rewriter.texts().apply(event.resource()),
                rewriter.times().apply(event.at()),
                event.entity() == null ? null : rewriter.rewrite(event.entity()),
                rewriter.rewrite(event.extra()));
    }

    private EcsEvent replayed(EcsEvent event) {
        return event.replayedBy("replay-" + random.between(1, 3));
    }

    /** Another id of equal form. */
    private static String turned(String id, int turn) {
        var turned = new StringBuilder(id.length());
        id.chars()
                .forEach(it -> turned.append(
                        Character.digit(it, 16) < 0
                                ? (char) it
                                : Character.forDigit((Character.digit(it, 16) + turn) % 16, 16)));
        return turned.toString();
    }

    private static String otherThan(String account) {
        var other = new StringBuilder(account.length());
        account.chars().forEach(digit -> other.append((char) ('0' + '9' - digit)));
        return other.toString();
    }
}
