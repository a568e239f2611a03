package io.clusterstate.mirror;

/**
 * The threads that a mirror may have at once. The host's subscriptions and futures, its stores and its clients have
 * threads besides.
 *
 * @param single the threads of which there is one each
 * @param reconcilers the clusters reconciled in parallel
 * @param describers the threads that describe the pages of passes
 * @param pollers the most threads that poll
 */
record ThreadPlan(int single, int reconcilers, int describers, int pollers) {

    /** Enough to use the API's rate at any latency. */
    private static final int SIDE_BY_SIDE = 4;
    /** The describe queue, housekeeping, expectations once there are any, and the thread that closes the mirror. */
    private static final int ALWAYS = 4;

    /**
     * The plan of a mirror that nothing bounds.
     *
     * @param hasClaim whether a loop renews a claim on the source
     * @param hasDefinitions whether a loop fetches task definitions
     */
    static ThreadPlan most(boolean hasClaim, boolean hasDefinitions, int pollers) {
        int single = ALWAYS + (hasClaim ? 1 : 0) + (hasDefinitions ? 1 : 0);
        return new ThreadPlan(single, SIDE_BY_SIDE, SIDE_BY_SIDE, pollers);
    }

    int total() {
        return single + reconcilers + describers + pollers;
    }

    /** The plan with which the mirror does all its work, more slowly. */
    ThreadPlan least() {
        return new ThreadPlan(single, 1, 1, 1);
    }

    /** This plan within a total, which is at least that of {@link #least()}; the kinds of threads grow in turns. */
    ThreadPlan within(int total) {
        int[] most = {reconcilers, pollers, describers};
        int[] given = {1, 1, 1};
        int spare = Math.min(total, total()) - least().total();
        for (int kind = 0; spare > 0; kind = (kind + 1) % most.length) {
            if (given[kind] < most[kind]) {
                given[kind]++;
                spare--;
            }
        }
        return new ThreadPlan(single, given[0], given[2], given[1]);
    }
}
