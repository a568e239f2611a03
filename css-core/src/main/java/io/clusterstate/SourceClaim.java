package io.clusterstate;

import io.clusterstate.internal.loop.Loop;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.SourceClaimedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the event source to one mirror while its store is its own: claims before the first poll, renews the claim, and
 * fails the mirror when another one has it.
 *
 * <p>A claim that is there at the start may be what a process left that ended unasked. So it is waited for, while the
 * mirror is not ready and says why, until it ends or is renewed by one who lives.
 */
final class SourceClaim {

    private static final Duration RENEWAL = ClaimableSource.CLAIM_VALIDITY.dividedBy(3);
    /** While another's claim is waited for. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(SourceClaim.class);

    private final ClaimableSource source;
    private final String owner;
    private final InstantSource clock;
    private final Runnable whenSettled;
    private final Consumer<SourceClaimedException> whenLost;
    private volatile boolean wasTried;
    private volatile boolean isSettled;
    private boolean isHeld;
    private volatile @Nullable SourceClaimedException refusal;

    /**
     * A claim.
     *
     * @param whenSettled run when the source may be polled
     * @param whenLost told when another living mirror has the source
     */
    SourceClaim(
            ClaimableSource source,
            String owner,
            InstantSource clock,
            Runnable whenSettled,
            Consumer<SourceClaimedException> whenLost) {
        this.source = source;
        this.owner = owner;
        this.clock = clock;
        this.whenSettled = whenSettled;
        this.whenLost = whenLost;
    }

    /** Whether it is known that nobody else has the source, or cannot be known because the source does not answer. */
    boolean permitsReady() {
        return isSettled || (wasTried && refusal == null);
    }

    /** Whose claim is waited for; empty if none is. */
    Optional<String> failure() {
        return isSettled ? Optional.empty() : Optional.ofNullable(refusal).map(Throwable::getMessage);
    }

    /** One step of the claim's loop. */
    Duration claim(Loop.Heart heart) {
        try {
            boolean isPermitted = source.claim(owner, clock.instant());
            heart.beat();
            if (!isPermitted && isHeld) {
                throw new IllegalStateException(source + ": does not permit the claim any more (expected: a renewal)");
            }
            isHeld = isPermitted;
            settle();
            return isPermitted ? RENEWAL : Loop.LAST;
        } catch (SourceClaimedException e) {
            return waitOrLose(e);
        } finally {
            wasTried = true;
        }
    }

    private void settle() {
        if (!isHeld) {
            LOG.warn("{}: does not permit claims; see that no other mirror with its own store polls it", source);
        }
        if (!isSettled) {
            whenSettled.run();
            isSettled = true; // not before, so that what could not be started is tried again
        }
    }

    private Duration waitOrLose(SourceClaimedException now) {
        SourceClaimedException before = refusal;
        refusal = now;
        boolean isRenewed = before != null && before.renewedAt().isBefore(now.renewedAt());
        if (isSettled || isRenewed) {
            LOG.error("the mirror stops: {}", now.getMessage());
            whenLost.accept(now);
            return Loop.LAST;
        }
        if (before == null) {
            LOG.warn("waits for a claim to end, unless its owner lives and renews it: {}", now.getMessage());
        }
        return AGAIN;
    }

    /** Gives the claim up, as well as can be. */
    void release() {
        try {
            source.release(owner);
        } catch (RuntimeException e) {
            LOG.warn("{}: the claim could not be released and ends by itself: {}", source, e.toString());
        }
    }
}
