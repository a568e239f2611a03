package io.clusterstate.mirror;

import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a host that starts and stops tasks on a simulated ECS, with refusals and lost answers, while
 * events come late, twice and in any order. At every moment the overlay shows no less taken than ECS has, and no more
 * than it may without counting anything twice; once all is quiet it is the view.
 */
class ExpectationHistoriesTest {

    private static final int STEPS = 30;

    @Test
    @Tag("soak")
    void theOverlayShowsWhatTheHostHasTaken() {
        long[] tight = new long[2];
        Seeds.forEach(Soak.size("histories of expectations", 25, 60), random -> {
            try (ExpectationHistory history = new ExpectationHistory(random)) {
                for (int i = 0; i < STEPS; i++) {
                    history.step();
                }
                history.quieten();
                tight[0] += history.bounds().tight();
                tight[1] += history.bounds().checks();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        System.out.printf("bounds: %,d checks, %,d of them without tolerance%n", tight[1], tight[0]);
    }
}
