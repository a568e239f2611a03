package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Seeds;
import org.junit.jupiter.api.Test;

/** The division of a number of threads among the loops of a mirror. */
class ThreadPlanTest {

    private static final ThreadPlan MOST = ThreadPlan.most(true, true, 8);

    @Test
    void aMirrorThatNothingBoundsHasAllItsThreads() {
        assertEquals(new ThreadPlan(6, 4, 4, 8), MOST);
        assertEquals(new ThreadPlan(4, 4, 4, 2), ThreadPlan.most(false, false, 2));
        assertEquals(MOST, MOST.within(Integer.MAX_VALUE));
        assertEquals(MOST, MOST.within(MOST.total()));
    }

    @Test
    void theKindsGrowInTurnsUpToTheirOwnMost() {
        assertEquals(new ThreadPlan(6, 1, 1, 1), MOST.within(9));
        assertEquals(new ThreadPlan(6, 2, 1, 1), MOST.within(10));
        assertEquals(new ThreadPlan(6, 2, 1, 2), MOST.within(11));
        assertEquals(new ThreadPlan(6, 2, 2, 2), MOST.within(12));
        assertEquals(new ThreadPlan(6, 4, 4, 5), MOST.within(19));
    }

    @Test
    void aBoundIsUsedUpAndNeverExceeded() {
        Seeds.forEach(100, random -> {
            ThreadPlan most = ThreadPlan.most(random.nextBoolean(), random.nextBoolean(), 1 + random.nextInt(10));
            int bound = most.least().total() + random.nextInt(20);
            ThreadPlan plan = most.within(bound);
            assertEquals(Math.min(bound, most.total()), plan.total());
            assertTrue(plan.pollers() <= most.pollers() && plan.reconcilers() <= most.reconcilers());
        });
    }
}
