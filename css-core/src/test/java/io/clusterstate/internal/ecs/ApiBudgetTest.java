package io.clusterstate.internal.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.internal.ecs.ApiBudget.Category;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ApiBudgetTest {

    private static final double SHARE = 0.1;

    private final TestTime time = new TestTime();
    private final ApiBudget budget = new ApiBudget(SHARE, time);

    @Test
    void aShareOfWhatEcsAllowsGoesAtOnceAndTheNextWaits() throws InterruptedException {
        await(10, Category.CLUSTER_RESOURCE);
        assertEquals(Duration.ZERO, elapsed());

        await(1, Category.CLUSTER_RESOURCE);

        assertEquals(Duration.ofMillis(500), elapsed());
    }

    @Test
    void clustersHaveASmallerBurst() throws InterruptedException {
        await(5, Category.CLUSTER);
        assertEquals(Duration.ZERO, elapsed());

        await(1, Category.CLUSTER);

        assertEquals(Duration.ofMillis(500), elapsed());
    }

    @Test
    void oneCategoryTakesNothingFromAnother() throws InterruptedException {
        await(10, Category.CLUSTER_RESOURCE);

        assertFalse(budget.hasSpare(Category.CLUSTER_RESOURCE));
        assertTrue(budget.hasSpare(Category.SERVICE));
        assertTrue(budget.hasSpare(Category.CLUSTER));
        await(10, Category.SERVICE);
        await(5, Category.CLUSTER);
        assertEquals(Duration.ZERO, elapsed());
    }

    @Test
    void aThrottledCallSlowsItsCategoryOnly() throws InterruptedException {
        budget.throttled(Category.SERVICE);

        await(1, Category.CLUSTER_RESOURCE);
        assertEquals(Duration.ZERO, elapsed());
        await(1, Category.SERVICE);
        assertEquals(Duration.ofSeconds(1), elapsed());
    }

    @Test
    void aPartOfTheShareIsLimitedInEveryCategory() throws InterruptedException {
        budget.use(0.2);

        await(2, Category.CLUSTER_RESOURCE);
        await(2, Category.SERVICE);
        await(1, Category.CLUSTER);
        assertEquals(Duration.ZERO, elapsed());
        await(1, Category.CLUSTER_RESOURCE);
        assertEquals(Duration.ofMillis(2500), elapsed());
    }

    @Test
    void anInterruptEndsTheWaiting() throws InterruptedException {
        await(10, Category.SERVICE);
        Thread.currentThread().interrupt();

        assertThrows(InterruptedException.class, () -> budget.await(Category.SERVICE));
    }

    private void await(int times, Category category) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            budget.await(category);
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(time.nanos());
    }
}
