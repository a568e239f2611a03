package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.clusterstate.internal.loop.Loop;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.SourceClaimedException;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two mirrors and one source, as one of them sees it. */
class SourceClaimTest {

    private static final Instant LEFT_AT = TestTime.START.minusSeconds(30);

    private final ClaimableSource source = mock();
    private final List<String> told = new ArrayList<>();
    private final SourceClaim claim =
            new SourceClaim(source, "me", new TestTime(), () -> told.add("settled"), why -> told.add("lost"));

    @Test
    void isSettledOnceAndRenewed() {
        when(source.claim(any(), any())).thenReturn(true);

        Duration pause = step();
        step();

        assertEquals(ClaimableSource.CLAIM_VALIDITY.dividedBy(3), pause);
        assertTrue(claim.permitsReady());
        assertEquals(List.of("settled"), told);
    }

    @Test
    void waitsForWhatADeadProcessHasLeft() {
        when(source.claim(any(), any()))
                .thenThrow(claimedAt(LEFT_AT))
                .thenThrow(claimedAt(LEFT_AT))
                .thenReturn(true);

        assertNotEquals(Loop.LAST, step());
        assertEquals("claimed by another", claim.failure().orElseThrow());
        step();
        assertFalse(claim.permitsReady());
        step();

        assertTrue(claim.permitsReady());
        assertTrue(claim.failure().isEmpty());
        assertEquals(List.of("settled"), told);
    }

    @Test
    void holdsReadinessBackUntilItHasBeenTriedAndNotForASourceThatIsOut() {
        when(source.claim(any(), any())).thenThrow(new IllegalStateException("no connection"));

        assertFalse(claim.permitsReady());
        assertThrows(IllegalStateException.class, this::step);

        assertTrue(claim.permitsReady());
    }

    @Test
    void givesUpWhenTheOwnerLives() {
        when(source.claim(any(), any())).thenThrow(claimedAt(LEFT_AT)).thenThrow(claimedAt(LEFT_AT.plusSeconds(60)));

        step();

        assertEquals(Loop.LAST, step());
        assertEquals(List.of("lost"), told);
    }

    @Test
    void givesUpAtOnceWhenAClaimThatWasHeldIsAnothers() {
        when(source.claim(any(), any())).thenReturn(true).thenThrow(claimedAt(LEFT_AT));

        step();

        assertEquals(Loop.LAST, step());
        assertEquals(List.of("settled", "lost"), told);
    }

    @Test
    void goesOnWithoutAClaimWhereNoneIsPermitted() {
        when(source.claim(any(), any())).thenReturn(false);

        assertEquals(Loop.LAST, step());
        assertEquals(List.of("settled"), told);
    }

    @Test
    void aRenewalThatIsNotPermittedIsAFailureAndNotTheEnd() {
        when(source.claim(any(), any())).thenReturn(true).thenReturn(false);
        step();

        assertThrows(IllegalStateException.class, this::step);
    }

    private Duration step() {
        return claim.claim(() -> {});
    }

    private static SourceClaimedException claimedAt(Instant renewed) {
        return new SourceClaimedException("claimed by another", renewed);
    }
}
