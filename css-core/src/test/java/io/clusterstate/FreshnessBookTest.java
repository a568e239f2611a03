package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestSharing;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

@Promise(6)
class FreshnessBookTest {

    private static final String A = Entities.clusterArn("a");
    private static final String B = Entities.clusterArn("b");
    private static final Instant FIRST = Entities.NOW;
    private static final Instant SECOND = FIRST.plusSeconds(60);
    private static final Instant THIRD = SECOND.plusSeconds(60);

    private final TestSharing sharing = new TestSharing();
    private final FreshnessBook book = new FreshnessBook(sharing);

    @Test
    void theWholeIsUnknownUntilEachClusterHasBeenCompared() {
        book.listed(Set.of(A, B), FIRST);
        assertWhole(null);
        book.compared(A, FIRST);
        assertWhole(null);
        assertEquals(Map.of(A, FIRST), sharing.confirmation().clusters());

        book.compared(B, SECOND);

        assertWhole(FIRST);
    }

    @Test
    void theWholeIsUnknownWithoutAList() {
        book.compared(A, FIRST);

        assertWhole(null);
    }

    @Test
    void noClusterAtAllIsWholeUpToTheList() {
        book.listed(Set.of(), FIRST);

        assertWhole(FIRST);
    }

    @Test
    void theWholeIsAsFreshAsItsOldestCluster() {
        book.listed(Set.of(A, B), THIRD);
        book.compared(A, SECOND);
        book.compared(B, FIRST);
        assertWhole(FIRST);

        book.compared(B, THIRD);

        assertWhole(SECOND);
    }

    @Test
    void theWholeIsNoFresherThanTheList() {
        book.listed(Set.of(A), FIRST);
        book.compared(A, SECOND);
        assertWhole(FIRST);

        book.listed(Set.of(A), THIRD);

        assertWhole(SECOND);
    }

    @Test
    void aNewClusterHoldsTheListBackUntilItHasBeenCompared() {
        book.listed(Set.of(A), FIRST);
        book.compared(A, FIRST);

        book.listed(Set.of(A, B), SECOND);
        book.compared(A, THIRD);
        assertWhole(FIRST);

        book.compared(B, THIRD);
        assertWhole(SECOND);
    }

    @Test
    void aClusterThatIsGoneHoldsNothingBack() {
        book.listed(Set.of(A, B), THIRD);
        book.compared(A, FIRST);
        book.compared(B, SECOND);

        book.gone(A);

        assertWhole(SECOND);
        assertEquals(Map.of(B, SECOND), sharing.confirmation().clusters());
    }

    @Test
    void aClusterThatIsGoneBeforeItWasComparedIsAwaitedUntilTheNextList() {
        book.listed(Set.of(A, B), FIRST);
        book.compared(A, SECOND);
        book.gone(B);
        assertWhole(null);

        book.listed(Set.of(A), SECOND);

        assertWhole(SECOND);
    }

    @Test
    void whoTakesOverGoesOnWithWhatTheOtherConfirmed() {
        book.listed(Set.of(A, B), THIRD);
        book.compared(A, FIRST);
        book.compared(B, SECOND);
        book.loaded();
        FreshnessBook successor = new FreshnessBook(sharing);

        successor.resume(sharing.confirmation());
        successor.compared(A, THIRD);

        assertWhole(SECOND);
        assertTrue(sharing.confirmation().isLoaded());
        assertEquals(Map.of(A, THIRD, B, SECOND), sharing.confirmation().clusters());
    }

    private void assertWhole(Instant expected) {
        assertEquals(Optional.ofNullable(expected), sharing.confirmation().whole());
    }
}
