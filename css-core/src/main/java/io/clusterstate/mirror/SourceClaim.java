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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an event source to one of the mirrors that have stores of their own. The holder renews its note on the source;
 * the others are in standby, and one of them claims the source when the holder removes its note, or has not changed it
 * for as long as a claim is valid. Only this mirror's own looks and its own monotonic time count, never a moment in a
 * note.
 *
 * <p>The source replaces notes without comparing. So a claimant writes its note, waits until every other that saw the
 * source free in the same moment has written, too, and holds the source if its own note is the one that stands. A note
 * that may have been written late could stand over that of a holder; its writer waits until that holder has looked.
 * Beyond that, each holder looks before each renewal. So two hold the source at once only if a write takes effect long
 * after it was sent, or somebody else removes the note; and at most until the next renewal, or, if the first cannot
 * reach the source, until its claim ends.
 *
 * <p>Thread: one runs {@link #step}; the rest is safe for any thread.
 */
final class SourceClaim {

    /** What a mirror does when its claim moves. Must be quick. */
    interface Listener {

        /** The source may be polled; {@code fromAnother}: another mirror may have taken events from it before. */
        void taken(boolean fromAnother);

        /** Another mirror holds the source. */
        void standingBy();
    }

    private enum State {
        NONE,
        /** The own note is written, but another may still write over it. */
        CLAIMING,
        HOLDING
    }

    /** Of a standby, for people. */
    private record Standby(String holder, Instant since) {}

    /** How often a holder renews its claim. */
    static final Duration RENEWAL = Duration.ofSeconds(15);
    /** How long a claim holds that is not renewed. */
    static final Duration VALIDITY = Duration.ofSeconds(45);
    /** How often a standby looks whether the source is free. */
    static final Duration LOOK = Duration.ofSeconds(3);
    /** A write this long after the look before it is late. Two calls within a Region take a tenth of it. */
    static final Duration SETTLING = Duration.ofSeconds(1);
    /** By then a holder whose note was overwritten has looked: a renewal, and an answer's limit. */
    static final Duration LATE = RENEWAL.plusSeconds(5);

    /** Failures in a row after which pauses grow no more: up to 6.4 seconds. */
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
    /** When the last note that is known to be written was sent. */
    private volatile long writtenAt;
    /** When the source was taken over from another; null if it was not. */
    private volatile @Nullable Long takenOverAt;

    private boolean hasRead;
    private boolean hasWritten;
    private boolean mayHaveWritten;
    private long notes;
    private Instant since = Instant.EPOCH;
    private long settledAt;
    /** Until then the own note may stand over that of a holder that has not looked since. */
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

    /** The loop that claims, renews, or looks. */
    Loop loop(Environment environment) {
        return new Loop("claim", environment, this::step, GROWS_UNTIL);
    }

    /**
     * Whether the source may be polled at this moment. Never true for longer than the claim is valid without a renewal.
     */
    boolean isHeld() {
        return isForbidden || (state == State.HOLDING && now() - writtenAt < VALID);
    }

    /** Whether another mirror holds the source. */
    boolean isStandby() {
        return standby != null;
    }

    /** Whether another has taken events that only a comparison brings in here: now, or that long ago. */
    boolean missesEvents(Duration lately) {
        Long tookOver = takenOverAt;
        return isStandby() || (tookOver != null && now() - tookOver < lately.toNanos());
    }

    /** How the view of this mirror follows what happens. */
    StoreLink link() {
        Standby now = standby;
        return now == null ? StoreLink.LOCAL : new StoreLink(StoreLink.State.STANDBY, now.since());
    }

    /** Why the source is not polled, in words that stay the same meanwhile; empty if it is, or soon will be. */
    Optional<String> problem() {
        Standby now = standby;
        if (now != null) {
            return Optional.of("standby: " + source + " is held by " + now.holder());
        }
        return state == State.HOLDING && !isHeld()
                ? Optional.of(source + ": is not polled until its claim can be renewed (expected: at least every "
                        + VALIDITY.toSeconds() + " s)")
                : Optional.empty();
    }

    /** Looks at the note that stands on the source, and acts on it. Returns when to do so again. */
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

    /** Claims the source. Looks once more before, since the first call of a young process takes long. */
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
        if (now() - before > VALID) { // another may have found the claim ended before it was renewed
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
        LOG.info("{}: holds it from now on", source);
        state = State.HOLDING; // not before, so that what could not be started is tried again
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

    /** Polls without a claim where none was ever permitted; where one was, the denial is a failure like any other. */
    private Duration goWithout(ClaimForbiddenException why, boolean wasPermitted) {
        if (wasPermitted) {
            throw why;
        }
        LOG.warn("{}; see that no other mirror with a store of its own polls it", why.getMessage());
        isForbidden = true;
        standby = null;
        listener.taken(wasHeldByAnother);
        return Loop.LAST;
    }

    /**
     * Removes the note if it is this mirror's, as well as can be. Only after {@link #step} has run for the last time.
     */
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
            LOG.warn("{}: the claim could not be removed and ends by itself: {}", source, e.toString());
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
