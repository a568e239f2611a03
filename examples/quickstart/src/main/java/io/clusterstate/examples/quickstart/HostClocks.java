package io.clusterstate.examples.quickstart;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The clocks of the hosts on which the mirrors run, a host each: all right, or all of them jumping. */
final class HostClocks {

    private final InstantSource right;
    private final boolean areJumping;
    private final long seed;
    private final List<JumpingClock> jumping = new ArrayList<>();

    /**
     * Makes no clock yet.
     *
     * @param right the right time
     * @param areJumping whether the clocks are set wrong again and again
     * @param seed what all chance comes from
     */
    HostClocks(InstantSource right, boolean areJumping, long seed) {
        this.right = right;
        this.areJumping = areJumping;
        this.seed = seed;
    }

    /** The clock of one more host. */
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

    /** Sets all of them right for good. */
    void setRight() {
        jumping.forEach(JumpingClock::setRight);
    }

    /** How often they have jumped, all together. */
    int jumps() {
        return jumping.stream().mapToInt(JumpingClock::jumps).sum();
    }
}
