package io.clusterstate.examples.soak;

import java.time.Duration;

/**
 * A kind of fault.
 *
 * @param name the name, as histories and options have it
 * @param lane faults of one lane do not overlap; those of different lanes do
 * @param shortest the shortest time for which it lasts
 * @param longest the longest time for which it lasts
 * @param beginning begins it
 */
record SoakFault(String name, String lane, Duration shortest, Duration longest, Beginning beginning) {

    /** Begins a fault. */
    interface Beginning {

        /**
         * Begins the fault.
         *
         * @param world where everything runs
         * @param where a random number, from which the fault draws the account, process or entity
         * @return ends the fault
         */
        Ending begin(World world, int where) throws Exception;
    }

    /** Ends a fault that has begun. */
    interface Ending {

        Ending NOTHING = () -> {};

        void end() throws Exception;
    }

    /** A fault with a lane of its own. */
    static SoakFault of(String name, int shortestSeconds, int longestSeconds, Beginning beginning) {
        return inLane(name, name, shortestSeconds, longestSeconds, beginning);
    }

    static SoakFault inLane(String lane, String name, int shortestSeconds, int longestSeconds, Beginning beginning) {
        return new SoakFault(
                name, lane, Duration.ofSeconds(shortestSeconds), Duration.ofSeconds(longestSeconds), beginning);
    }
}
