package io.clusterstate.examples.quickstart;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The clocks of the mirrors' hosts, a host for each mirror: all right, or all jumping. */
final class HostClocks {

    private final InstantSource right;
    private final boolean areJumping;
    private final long seed;
    private final List<JumpingClock> jumping = new ArrayList<>();

    /**
     * Makes an empty set of clocks.
     *
     * @param right the clock that is right
     * @param areJumping whether the clocks jump to a wrong time again and again
     * @param seed the seed of the jumps
     */
    HostClocks(InstantSource right, boolean areJumping, long seed) {
        this.right = right;
        this.areJumping = areJumping;
        this.seed = seed;
    }

    /** The clock of a further host. */
    InstantSource next() {
        if (!areJumping) {
            return right;
        }
        JumpingClock clock = new JumpingClock(right, System::nanoTime, seed + jumping.size());
        jumping.add(clock);
        return clock;
    }

    /** The clock of the first host. */
    InstantSource first() {
        return jumping.isEmpty() ? right : jumping.get(0);
    }

    /** Sets all clocks right for good. */
    void setRight() {
        jumping.forEach(JumpingClock::setRight);
    }

    /** The number of jumps of all clocks together. */
    int jumps() {
        return jumping.stream().mapToInt(JumpingClock::jumps).sum();
    }
}
