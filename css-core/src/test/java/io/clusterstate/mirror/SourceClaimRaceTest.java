package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.mirror.ClaimWorld.Claimant;
import io.clusterstate.mirror.ClaimWorld.Fate;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random histories of several claimants of one queue. Processes are killed, closed and started, often in the same
 * second, are cut off from the queue, and have their clocks set. In the end one of them polls continuously; two never
 * do for long.
 */
class SourceClaimRaceTest {

    private static final List<Fate> ANY = List.of(Fate.values());
    private static final int FAULTS = 30;
    private static final Duration LONGEST_FAULT = Duration.ofSeconds(60);
    /** A claim that nobody renews ends, and its successor's claim may be doubtful. */
    private static final Duration SETTLED =
            SourceClaim.VALIDITY.plus(SourceClaim.LATE).plusSeconds(20);

    @Test
    @Tag("soak")
    void twoNeverPollWhereCallsAreQuickAndHaveTheirEffectOrNone() {
        Seeds.forEach(Soak.size("histories of a claim", 20, 60), random -> {
            try (ClaimWorld world = new ClaimWorld()) {
                world.latency(() -> Duration.ofMillis(random.nextInt(200)));
                List<Claimant> crowd = crowd(world, random);
                for (int i = 0; i < FAULTS; i++) {
                    plainFault(world, random, crowd);
                    world.run(pause(random));
                }
                crowd.forEach(each -> each.cutOff(false));
                assertEquals(Duration.ZERO, world.longestShared(), world::history);
                assertOneGoesOn(world);
            }
        });
    }

    @Test
    @Tag("soak")
    void twoPollAtMostUntilAClaimEndsWhateverBecomesOfCalls() {
        Seeds.forEach(Soak.size("histories of a claim", 20, 60), random -> {
            try (ClaimWorld world = new ClaimWorld()) {
                world.latency(() -> Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 4_000 : 200)));
                world.fate(() -> random.nextInt(10) == 0 ? ANY.get(random.nextInt(ANY.size())) : Fate.ANSWERED);
                List<Claimant> crowd = crowd(world, random);
                for (int i = 0; i < FAULTS; i++) {
                    anyFault(world, random, crowd);
                    world.run(pause(random));
                }
                world.latency(() -> Duration.ofMillis(random.nextInt(200)));
                world.fate(() -> Fate.ANSWERED);
                crowd.forEach(each -> each.cutOff(false));
                assertTrue(world.longestShared().compareTo(SourceClaim.VALIDITY) <= 0, world::history);
                assertOneGoesOn(world);
            }
        });
    }

    private static List<Claimant> crowd(ClaimWorld world, Random random) {
        List<Claimant> crowd = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            crowd.add(start(world, random, crowd));
        }
        return crowd;
    }

    private static Claimant start(ClaimWorld world, Random random, List<Claimant> crowd) {
        Claimant started = world.start("c" + crowd.size());
        started.setClockAhead(Duration.ofMinutes(random.nextInt(1440) - 720));
        return started;
    }

    private static void anyFault(ClaimWorld world, Random random, List<Claimant> crowd) {
        switch (random.nextInt(4)) {
            case 0 -> any(random, crowd).stall(Duration.ofMillis(random.nextLong(LONGEST_FAULT.toMillis())));
            case 1 -> world.note(Optional.empty());
            default -> plainFault(world, random, crowd);
        }
    }

    /** Most meet the one that polls. */
    private static void plainFault(ClaimWorld world, Random random, List<Claimant> crowd) {
        List<Claimant> polling = world.polling();
        Claimant one = polling.isEmpty() || random.nextInt(4) == 0 ? any(random, crowd) : polling.get(0);
        switch (random.nextInt(4)) {
            case 0 -> {
                one.kill();
                crowd.add(start(world, random, crowd));
            }
            case 1 -> {
                one.end();
                crowd.add(start(world, random, crowd));
            }
            case 2 -> {
                one.cutOff(true);
                world.in(Duration.ofMillis(random.nextLong(LONGEST_FAULT.toMillis())), () -> one.cutOff(false));
            }
            default -> one.setClockAhead(Duration.ofMinutes(random.nextInt(1440) - 720));
        }
    }

    private static Claimant any(Random random, List<Claimant> crowd) {
        return crowd.get(random.nextInt(crowd.size()));
    }

    /** Now and then so short that what begins meets in one second. */
    private static Duration pause(Random random) {
        return Duration.ofMillis(random.nextInt(random.nextBoolean() ? 1_000 : 60_000));
    }

    private static void assertOneGoesOn(ClaimWorld world) {
        world.run(LONGEST_FAULT.plus(SETTLED));
        List<Claimant> settled = world.polling();
        assertEquals(1, settled.size(), world::history);
        world.longestIdle();
        world.run(Duration.ofMinutes(5));
        assertEquals(Duration.ZERO, world.longestIdle(), world::history);
        assertEquals(settled, world.polling(), world::history);
    }
}
