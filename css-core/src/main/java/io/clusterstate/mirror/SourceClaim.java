package io.clusterstate.mirror;

import io.clusterstate.StoreLink;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.spi.ClaimForbiddenException;
import io.clusterstate.spi.ClaimableSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reserves an event source for one of several mirrors that have stores of their own. The holder renews its note on the
 * source; the other mirrors are in standby. A standby claims the source when the holder removes its note, or has not
 * changed it for {@link #VALIDITY}. Each mirror measures that by its own looks and its own monotonic time, never by a
 * time in a note.
 *
 * <p>The source replaces notes without comparing. A claimant therefore writes its note, and waits until every rival
 * that saw the source free at the same time has written, too. It holds the source if its own note is the last. A note
 * that may have been written late could replace that of a holder; its writer waits until that holder has looked. Each
 * holder also looks before each renewal.
 *
 * <p>So two mirrors hold the source at once only if a write takes effect long after it was sent, or if somebody else
 * removes the note. That lasts until the next renewal; if the first holder cannot reach the source, until its claim
 * ends.
 *
 * <p>Thread: one thread runs {@link #step}; the rest is safe for any thread.
 */
final class SourceClaim {

    /** Reacts to moves of the claim. Its methods must be quick. */
    interface Listener {

        /**
         * The mirror may poll the source. {@code fromAnother}: another mirror may have received events from it before.
         */
        void taken(boolean fromAnother);

        /** Another mirror holds the source. */
        void standingBy();
    }

    private enum State {
        NONE,
        /** The own note is written, but another mirror may still replace it. */
        CLAIMING,
        HOLDING
    }

    /** A standby: the holder for people, and its start. */
    private record Standby(String holder, Instant since) {}

    /** The interval at which a holder renews its claim. */
    static final Duration RENEWAL = Duration.ofSeconds(15);
    /** The time for which a claim holds without a renewal. */
    static final Duration VALIDITY = Duration.ofSeconds(45);
    /** The interval at which a standby checks whether the source is free. */
    static final Duration LOOK = Duration.ofSeconds(3);
    /** The time after a look at which a write counts as late. Two calls within a Region take a tenth of it. */
    static final Duration SETTLING = Duration.ofSeconds(1);
    /** The time by which a holder has noticed that its note was replaced: a renewal, plus the limit of a call. */
    static final Duration LATE = RENEWAL.plusSeconds(5);

    /** The number of failures in a row up to which pauses grow, to 6.4 seconds. */
    private static final int GROWS_UNTIL = 6;

    private static final long VALID = VALIDITY.toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(SourceClaim.class);

    private final ClaimableSource source;
    private final String owner;
    private final InstantSource clock;
    private final MonotonicTime time;
    private final Listener listener;
    private final long born;
    private final ClaimWatch watch = new ClaimWatch();

    private volatile State state = State.NONE;
    private volatile boolean isForbidden;
    private volatile @Nullable Standby standby;
    /** The time at which the last note known to be written was sent. */
    private volatile long writtenAt;
    /** The time at which this mirror took the source over from another; null if it did not. */
    private volatile @Nullable Long takenOverAt;

    private boolean hasRead;
    private boolean hasWritten;
    private boolean mayHaveWritten;
    private long notes;
    private Instant since = Instant.EPOCH;
    private long settledAt;
    /** The time until which the own note may replace that of a holder that has not looked since. */
    private long doubtfulUntil;

    private boolean wasHeldByAnother;

    SourceClaim(ClaimableSource source, String owner, InstantSource clock, MonotonicTime time, Listener listener) {
        this.source = source;
        this.owner = owner;
        this.clock = clock;
        this.time = time;
        this.listener = listener;
        this.born = time.nanos();
    }

    /** The loop that claims, renews or looks. While the mirror may not hold the source, it leaves that to others. */
    Loop loop(Environment environment, BooleanSupplier mayHold) {
        return new Loop("claim", environment, beat -> mayHold.getAsBoolean() ? step(beat) : giveUp(), GROWS_UNTIL);
    }

    /** Leaves the source to others, who may receive events from now on. Returns the pause before the next look. */
    Duration giveUp() {
        wasHeldByAnother = true;
        release();
        return LOOK;
    }

    /**
     * Whether the mirror may poll the source now. Never true for longer than {@link #VALIDITY} after the last renewal,
     * unless the rights to claim are missing.
     */
    boolean isHeld() {
        return isForbidden || (state == State.HOLDING && now() - writtenAt < VALID);
    }

    /** Whether another mirror holds the source. */
    boolean isStandby() {
        return standby != null;
    }

    /** Whether another mirror receives events that only passes bring in here, or did within a time. */
    boolean missesEvents(Duration lately) {
        Long tookOver = takenOverAt;
        return isStandby() || (tookOver != null && now() - tookOver < lately.toNanos());
    }

    /** The link of this mirror's view. */
    StoreLink link() {
        Standby now = standby;
        return now == null ? StoreLink.LOCAL : new StoreLink(StoreLink.State.STANDBY, now.since());
    }

    /** Why the mirror does not poll, in a text that stays the same meanwhile; empty if it polls, or soon will. */
    Optional<String> problem() {
        Standby now = standby;
        if (now != null) {
            return Optional.of("standby: " + source + " is held by " + now.holder()
                    + " (expected: during a rolling deployment; otherwise stop one of the two mirrors)");
        }
        return state == State.HOLDING && !isHeld()
                ? Optional.of(source + ": not polled until its claim can be renewed (expected: a renewal at least"
                        + " every " + VALIDITY.toSeconds() + " s; the failure of the loop claim has the cause)")
                : Optional.empty();
    }

    /** Looks at the note on the source, and acts on it. Returns the pause before the next look. */
    Duration step(Loop.Heartbeat heartbeat) {
        long from = now();
        Optional<String> note;
        try {
            note = source.readClaim();
        } catch (ClaimForbiddenException e) {
            return goWithout(e, hasRead);
        }
        hasRead = true;
        heartbeat.beat();
        return act(note, from);
    }

    private Duration act(Optional<String> note, long from) {
        boolean isOwn = note.filter(this::isOwn).isPresent();
        if (isOwn && state != State.NONE) {
            return state == State.HOLDING || from - settledAt >= 0 ? renew(from) : until(settledAt);
        }
        if (!isOwn) {
            wasHeldByAnother |= note.isPresent() || state == State.HOLDING;
        }
        state = State.NONE;
        boolean isFree = isOwn || note.isEmpty() || watch.unchanged(note.get(), from, now()) >= VALID;
        return isFree ? claim(note) : standBy(note.get());
    }

    /** Claims the source, after a second look, since the first call of a young process takes long. */
    private Duration claim(Optional<String> seen) {
        long from = now();
        if (!source.readClaim().equals(seen)) {
            return Duration.ZERO;
        }
        since = clock.instant();
        try {
            write(from);
        } catch (ClaimForbiddenException e) {
            return goWithout(e, hasWritten);
        }
        state = State.CLAIMING;
        return settle();
    }

    private Duration settle() {
        settledAt = Math.max(now() + SETTLING.toNanos(), doubtfulUntil);
        return until(settledAt);
    }

    private Duration renew(long from) {
        long before = writtenAt;
        write(from);
        if (now() - before > VALID) { // another mirror may have claimed the source in between
            state = State.CLAIMING;
            return settle();
        }
        if (state != State.HOLDING) {
            take();
        }
        return RENEWAL;
    }

    private void write(long from) {
        notes++;
        boolean isInTime = false;
        mayHaveWritten = true; // also if the answer is lost
        try {
            source.writeClaim(new ClaimNote(owner, since, clock.instant(), notes).toString());
            isInTime = now() - from <= SETTLING.toNanos();
            hasWritten = true;
            writtenAt = from;
        } finally {
            if (!isInTime) {
                doubtfulUntil = now() + LATE.toNanos();
            }
        }
    }

    private void take() {
        if (wasHeldByAnother) {
            takenOverAt = now();
        }
        standby = null;
        listener.taken(wasHeldByAnother);
        LOG.info("{}: claimed, polls from now on", source);
        state = State.HOLDING; // last, so that a failed start is repeated
        wasHeldByAnother = false;
    }

    private Duration standBy(String note) {
        Standby before = standby;
        standby = new Standby(ClaimNote.holder(note), before == null ? clock.instant() : before.since());
        if (before == null) {
            LOG.warn("{}", problem().orElse(""));
            listener.standingBy();
        }
        return LOOK;
    }

    /**
     * Polls without a claim if the rights were always missing. If an earlier call was permitted, the denial is an
     * ordinary failure.
     */
    private Duration goWithout(ClaimForbiddenException why, boolean wasPermitted) {
        if (wasPermitted) {
            throw why;
        }
        LOG.warn(
                "{}; polls without a claim, so no other mirror with a store of its own may poll the source",
                why.getMessage());
        isForbidden = true;
        standby = null;
        listener.taken(wasHeldByAnother);
        return Loop.LAST;
    }

    /** Removes the own note, if it still stands. Call it on the thread of {@link #step}, or after the last one. */
    void release() {
        state = State.NONE;
        if (!mayHaveWritten) {
            return;
        }
        try {
            if (source.readClaim().filter(this::isOwn).isPresent()) {
                source.removeClaim();
            }
        } catch (RuntimeException e) {
            LOG.warn("{}: could not remove the claim, which ends by itself: {}", source, e.toString());
        }
    }

    private boolean isOwn(String note) {
        return ClaimNote.isOf(note, owner);
    }

    private Duration until(long moment) {
        return Duration.ofNanos(Math.max(0, moment - now()));
    }

    /** Nanoseconds since this object was made. */
    private long now() {
        return time.nanos() - born;
    }
}
