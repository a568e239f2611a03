package io.clusterstate.mirror;

import io.clusterstate.internal.ecs.EcsReach;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.Coordination.Leader;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Watches the lead of a shared store. A leader that ECS does not answer resigns, so that another mirror can lead. In a
 * mirror that does not lead, it notices a leader that confirms nothing, and a lead that nobody takes.
 *
 * <p>Thread: safe for any thread. Blocks: never, so that the thread that looks cannot hang in a call of ECS.
 */
final class LeadWatch {

    /** The time for which ECS may leave a leader unanswered: each call is attempted several times within it. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);
    /** The time within which a mirror takes a free lead, and a leader confirms something during the first load. */
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    /** A leader confirms the list of clusters once an interval; three cover a long list and a change of the lead. */
    private static final int INTERVALS = 3;

    private final Coordination coordination;
    private final EcsReach reach;
    private final Environment environment;
    private final Duration mostWhenReady;
    private Seen<Long> term;
    private Seen<Optional<Leader>> leader;

    /** A value, and the moment since when it has not changed. */
    private record Seen<T>(T value, long nanos, Instant wall) {}

    /**
     * A watch that has not looked yet.
     *
     * @param interval the regular pause between two lists of clusters
     */
    LeadWatch(Coordination coordination, EcsReach reach, Environment environment, Duration interval) {
        this.coordination = coordination;
        this.reach = reach;
        this.environment = environment;
        this.mostWhenReady = longer(interval.multipliedBy(INTERVALS), A_MINUTE);
        this.term = seen(0L);
        this.leader = seen(Optional.empty());
    }

    private <T> Seen<T> seen(T value) {
        return new Seen<>(value, environment.time().nanos(), environment.clock().instant());
    }

    private Duration since(Seen<?> seen) {
        return Duration.ofNanos(environment.time().nanos() - seen.nanos());
    }

    /** Notes the leader; gives the lead up if this mirror has it and ECS does not answer. */
    void look() {
        note();
        long present = coordination.term();
        if (present != 0 && isUnanswered(timeIn(present))) {
            coordination.resign(present, unanswered());
        }
    }

    private synchronized Duration timeIn(long present) {
        term = present == term.value() ? term : seen(present);
        return since(term);
    }

    private boolean isUnanswered(Duration inTerm) {
        return reach.silence().compareTo(ANSWERED_WITHIN) >= 0 && inTerm.compareTo(ANSWERED_WITHIN) >= 0;
    }

    private String unanswered() {
        return reach + " (expected: an answer within " + ANSWERED_WITHIN.toSeconds() + " s)";
    }

    /** Notes whether anything was heard of the leader since the last look; call it after each move. */
    void note() {
        Optional<Leader> present = coordination.leader(); // outside of the lock: hooks of the store call this as well
        note(present, coordination.link().isLive());
    }

    private synchronized Seen<Optional<Leader>> note(Optional<Leader> present, boolean isLive) {
        leader = isLive && present.equals(leader.value()) ? leader : seen(present);
        return leader;
    }

    /**
     * The problem with the lead, in a mirror that does not have it: ECS does not answer this mirror, nobody leads, or
     * the leader has confirmed nothing for too long.
     *
     * @param phase the phase of the mirror; until it is ready, each pass of the leader confirms something
     */
    Optional<String> problem(Phase phase) {
        boolean isRunning = phase == Phase.LOADING || phase == Phase.READY;
        if (!isRunning || coordination.term() != 0) {
            return Optional.empty();
        }
        return reach.silence().compareTo(ANSWERED_WITHIN) >= 0
                ? Optional.of(unanswered())
                : silence(phase == Phase.READY ? mostWhenReady : A_MINUTE);
    }

    private Optional<String> silence(Duration mostOfLeader) {
        Seen<Optional<Leader>> seen =
                note(coordination.leader(), coordination.link().isLive());
        Duration most = seen.value().isPresent() ? mostOfLeader : A_MINUTE;
        String who = seen.value()
                .map(it -> "leader: " + it.name() + " has confirmed nothing since " + it.heardOfAt())
                .orElse("leader: none since " + seen.wall());
        return since(seen).compareTo(most) > 0
                ? Optional.of(who + " (expected: within " + most.toSeconds() + " s)")
                : Optional.empty();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
