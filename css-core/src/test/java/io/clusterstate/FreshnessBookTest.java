package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

    private static final long TERM = 1;

    private final TestSharing sharing = new TestSharing();
    private final FreshnessBook book = new FreshnessBook(sharing);

    @Test
    void theWholeIsUnknownUntilEachClusterHasBeenCompared() {
        book.listed(Set.of(A, B), FIRST, TERM);
        assertWhole(null);
        book.compared(A, FIRST, TERM);
        assertWhole(null);
        assertEquals(Map.of(A, FIRST), sharing.confirmation().clusters());

        book.compared(B, SECOND, TERM);

        assertWhole(FIRST);
    }

    @Test
    void theWholeIsUnknownWithoutAList() {
        book.compared(A, FIRST, TERM);

        assertWhole(null);
    }

    @Test
    void noClusterAtAllIsWholeUpToTheList() {
        book.listed(Set.of(), FIRST, TERM);

        assertWhole(FIRST);
    }

    @Test
    void theWholeIsAsFreshAsItsOldestCluster() {
        book.listed(Set.of(A, B), THIRD, TERM);
        book.compared(A, SECOND, TERM);
        book.compared(B, FIRST, TERM);
        assertWhole(FIRST);

        book.compared(B, THIRD, TERM);

        assertWhole(SECOND);
    }

    @Test
    void theWholeIsNoFresherThanTheList() {
        book.listed(Set.of(A), FIRST, TERM);
        book.compared(A, SECOND, TERM);
        assertWhole(FIRST);

        book.listed(Set.of(A), THIRD, TERM);

        assertWhole(SECOND);
    }

    @Test
    void aNewClusterHoldsTheListBackUntilItHasBeenCompared() {
        book.listed(Set.of(A), FIRST, TERM);
        book.compared(A, FIRST, TERM);

        book.listed(Set.of(A, B), SECOND, TERM);
        book.compared(A, THIRD, TERM);
        assertWhole(FIRST);

        book.compared(B, THIRD, TERM);
        assertWhole(SECOND);
    }

    @Test
    void aClusterThatIsGoneHoldsNothingBack() {
        book.listed(Set.of(A, B), THIRD, TERM);
        book.compared(A, FIRST, TERM);
        book.compared(B, SECOND, TERM);

        book.gone(A, TERM);

        assertWhole(SECOND);
        assertEquals(Map.of(B, SECOND), sharing.confirmation().clusters());
    }

    @Test
    void aClusterThatIsGoneBeforeItWasComparedIsAwaitedUntilTheNextList() {
        book.listed(Set.of(A, B), FIRST, TERM);
        book.compared(A, SECOND, TERM);
        book.gone(B, TERM);
        assertWhole(null);

        book.listed(Set.of(A), SECOND, TERM);

        assertWhole(SECOND);
    }

    @Test
    void whoTakesOverGoesOnWithWhatTheOtherConfirmed() {
        book.listed(Set.of(A, B), THIRD, TERM);
        book.compared(A, FIRST, TERM);
        book.compared(B, SECOND, TERM);
        book.loaded(TERM);
        FreshnessBook successor = new FreshnessBook(sharing);

        successor.resume(sharing.confirmation());
        successor.compared(A, THIRD, TERM);

        assertWhole(SECOND);
        assertTrue(sharing.confirmation().isLoaded());
        assertEquals(Map.of(A, THIRD, B, SECOND), sharing.confirmation().clusters());
    }

    @Test
    void whatWasFoundInAnotherTermIsRefused() {
        book.listed(Set.of(A), SECOND, TERM);
        sharing.term(2);
        assertThrows(IllegalStateException.class, () -> book.compared(A, FIRST, TERM));
        assertThrows(IllegalStateException.class, () -> book.listed(Set.of(A), FIRST, TERM));
        assertThrows(IllegalStateException.class, () -> book.gone(A, TERM));
        assertEquals(Map.of(), sharing.confirmation().clusters());
    }

    @Test
    void aClockThatIsBehindTakesNothingBack() {
        book.listed(Set.of(A), THIRD, TERM);
        book.compared(A, THIRD, TERM);

        book.listed(Set.of(A), FIRST, TERM);
        book.compared(A, SECOND, TERM);

        assertWhole(THIRD);
    }

    private void assertWhole(Instant expected) {
        assertEquals(Optional.ofNullable(expected), sharing.confirmation().whole());
    }
}
