package io.clusterstate.mirror;

import io.clusterstate.internal.loop.Loop;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.spi.ClaimForbiddenException;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.spi.Delivery;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Several claimants of one queue, in simulated time. Each runs on a thread of its own, but only one at a time, and each
 * call of the queue's server takes two parts of time, before and after its effect. So calls of different claimants
 * overlap in any way that the latencies allow, and the same seed gives the same history.
 */
final class ClaimWorld implements AutoCloseable {

    /** The fate of a call. */
    enum Fate {
        ANSWERED,
        REFUSED,
        /** It has its effect, but the claimant sees a failure. */
        UNANSWERED,
        /** The claimant sees a failure, and a write takes effect some seconds later. */
        LATE
    }

    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final PriorityQueue<Wake> wakes =
            new PriorityQueue<>(Comparator.comparingLong(Wake::at).thenComparingLong(Wake::number));
    private final List<Claimant> claimants = new ArrayList<>();
    private final Semaphore back = new Semaphore(0);
    private final List<String> history = new ArrayList<>();
    private Supplier<Duration> latency = () -> Duration.ofMillis(20);
    private Supplier<Fate> fate = () -> Fate.ANSWERED;
    private Optional<String> note = Optional.empty();
    private long number;
    private long now;
    private final Map<Set<Claimant>, Long> sharedFor = new HashMap<>();
    private long longestShared;
    private long idleFor;
    private long longestIdle;

    private record Wake(long at, long number, Runnable action) {}

    /** Ends the thread of a claimant that is killed. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    void latency(Supplier<Duration> ofHalfACall) {
        latency = ofHalfACall;
    }

    void fate(Supplier<Fate> ofACall) {
        fate = ofACall;
    }

    /** Somebody who is no claimant writes or removes the note. */
    void note(Optional<String> written) {
        note = written;
    }

    Optional<String> note() {
        return note;
    }

    Claimant start(String name) {
        Claimant claimant = new Claimant(name);
        claimants.add(claimant);
        claimant.startIn(Duration.ZERO);
        return claimant;
    }

    void in(Duration pause, Runnable action) {
        wakes.add(new Wake(now + pause.toNanos(), number++, action));
    }

    /** Lets time pass. */
    void run(Duration length) {
        long end = now + length.toNanos();
        while (now < end) {
            long tick = Math.min(end, now + TICK.toNanos());
            while (!wakes.isEmpty() && wakes.peek().at() <= tick) {
                Wake wake = wakes.remove();
                moveTo(wake.at());
                wake.action().run();
            }
            moveTo(tick);
        }
    }

    private void moveTo(long moment) {
        long passed = moment - now;
        now = moment;
        List<Claimant> polling = polling();
        Set<Set<Claimant>> pairs = pairs(polling);
        sharedFor.keySet().retainAll(pairs);
        for (Set<Claimant> pair : pairs) {
            longestShared = Math.max(longestShared, Math.max(1, sharedFor.merge(pair, passed, Long::sum)));
        }
        idleFor = polling.isEmpty() ? idleFor + passed : 0;
        longestIdle = Math.max(longestIdle, idleFor);
    }

    private static Set<Set<Claimant>> pairs(List<Claimant> of) {
        Set<Set<Claimant>> pairs = new HashSet<>();
        for (Claimant one : of) {
            of.stream().filter(other -> other != one).forEach(other -> pairs.add(Set.of(one, other)));
        }
        return pairs;
    }

    List<Claimant> polling() {
        return claimants.stream().filter(Claimant::isPolling).toList();
    }

    /** For how long the same two have polled at the longest; above zero if they did for a moment. */
    Duration longestShared() {
        return Duration.ofNanos(longestShared);
    }

    /** For how long nobody has polled at the longest, since this was asked for the last time. */
    Duration longestIdle() {
        Duration longest = Duration.ofNanos(longestIdle);
        longestIdle = 0;
        return longest;
    }

    /** The history so far, for people. */
    String history() {
        return String.join("\n", history);
    }

    void say(String what) {
        history.add(Duration.ofNanos(now) + " " + what);
    }

    @Override
    public void close() {
        claimants.forEach(Claimant::kill);
    }

    /** One process with a claim. */
    final class Claimant implements MonotonicTime, SourceClaim.Listener {

        private final String name;
        private final Thread thread;
        private final SourceClaim claim;
        private final Semaphore turn = new Semaphore(0);
        private final long born = now;
        private Duration clockAhead = Duration.ZERO;
        private boolean isAlive = true;
        private boolean isEnding;
        private boolean isBetweenSteps;
        private boolean isCutOff;
        private boolean isForbidden;
        private boolean areWritesForbidden;
        private boolean failsToStart;
        private boolean mayNotHold;
        private Duration stallInNextWrite = Duration.ZERO;
        private long stalledUntil;
        private long awaited;
        final List<String> heard = new ArrayList<>();

        @Nullable Throwable lastFailure;

        private Claimant(String name) {
            this.name = name;
            this.claim = new SourceClaim(new Source(), name, this::wallClock, this, this);
            this.thread = new Thread(this::live, "claimant-" + name);
            thread.setDaemon(true);
        }

        SourceClaim claim() {
            return claim;
        }

        boolean isPolling() {
            return isAlive && !isEnding && now >= stalledUntil && claim.isHeld();
        }

        /** Sets the clock that people read. */
        void setClockAhead(Duration by) {
            clockAhead = by;
        }

        void cutOff(boolean off) {
            isCutOff = off;
        }

        void forbid(boolean forbidden) {
            isForbidden = forbidden;
        }

        void forbidWrites(boolean forbidden) {
            areWritesForbidden = forbidden;
        }

        /** Has what is to begin with the claim fail. */
        void failsToStart(boolean fails) {
            failsToStart = fails;
        }

        /** Has it leave the queue to others. */
        void mayNotHold(boolean forbidden) {
            mayNotHold = forbidden;
        }

        /** Its threads get no processor time for a while. */
        void stall(Duration length) {
            say(name + " stalls for " + length);
            stalledUntil = now + length.toNanos();
        }

        /** The same, between its next look and the effect of the write that follows. */
        void stallInNextWrite(Duration length) {
            stallInNextWrite = length;
        }

        /** Ends it in the middle of whatever it does. */
        void kill() {
            if (isAlive) {
                say(name + " is killed");
                isAlive = false;
                resume();
            }
        }

        /** Ends it as close() does: after the step under way. */
        void end() {
            isEnding = true;
            if (isBetweenSteps) {
                long token = awaited;
                in(Duration.ZERO, () -> wake(token));
            }
        }

        private void startIn(Duration pause) {
            in(pause, () -> {
                if (isAlive) {
                    thread.start();
                    await(back);
                }
            });
        }

        @SuppressWarnings({"EmptyCatch", "CatchAndPrintStackTrace"})
        private void live() {
            try {
                while (!isEnding) {
                    Duration pause = step();
                    isBetweenSteps = true;
                    sleep(isEnding ? Duration.ZERO : pause.equals(Loop.LAST) ? Duration.ofDays(365) : pause);
                    isBetweenSteps = false;
                }
                claim.release();
                say(name + " has ended");
                isAlive = false;
            } catch (Killed e) {
                // as it is meant
            } finally {
                back.release();
            }
        }

        private Duration step() {
            try {
                Duration pause = mayNotHold ? claim.giveUp() : claim.step(() -> {});
                lastFailure = null;
                return pause;
            } catch (RuntimeException e) {
                lastFailure = e;
                return Duration.ofSeconds(3);
            }
        }

        /** Lets the others go on for a while; only on the claimant's own thread. */
        private void sleep(Duration pause) {
            long token = number;
            awaited = token;
            in(pause, () -> wake(token));
            back.release();
            await(turn);
            if (!isAlive) {
                throw new Killed();
            }
        }

        private void wake(long token) {
            if (!isAlive || token != awaited) {
                return;
            }
            if (now < stalledUntil) {
                in(Duration.ofNanos(stalledUntil - now), () -> wake(token));
            } else {
                awaited = -1;
                resume();
            }
        }

        private void resume() {
            if (thread.isAlive()) {
                turn.release();
                await(back);
            }
        }

        private Instant wallClock() {
            return TestTime.START.plusNanos(now).plus(clockAhead);
        }

        @Override
        public long nanos() {
            return now - born + Long.MAX_VALUE - TIMEOUT.toNanos(); // flows over soon, as it may
        }

        @Override
        public void pause(Duration pause) {
            sleep(pause);
        }

        @Override
        public void taken(boolean fromAnother) {
            if (failsToStart) {
                throw new IllegalStateException("no threads");
            }
            heard.add(fromAnother ? "taken over" : "taken");
            say(name + " takes it");
        }

        @Override
        public void standingBy() {
            heard.add("stood by");
            say(name + " stands by");
        }

        @Override
        public String toString() {
            return name;
        }

        /** The server of the queue, as this claimant reaches it. */
        private final class Source implements ClaimableSource {

            @Override
            public Optional<String> readClaim() {
                Fate its = begin();
                if (its == Fate.REFUSED) {
                    throw new IllegalStateException("refused");
                }
                Optional<String> read = note;
                end(its);
                return read;
            }

            @Override
            public void writeClaim(String written) {
                change(Optional.of(written));
            }

            @Override
            public void removeClaim() {
                change(Optional.empty());
            }

            private void change(Optional<String> written) {
                Fate its = begin();
                if (!stallInNextWrite.isZero()) {
                    stall(stallInNextWrite);
                    stallInNextWrite = Duration.ZERO;
                    sleep(Duration.ZERO);
                }
                if (areWritesForbidden) {
                    throw forbidden();
                }
                switch (its) {
                    case REFUSED -> throw new IllegalStateException("refused");
                    case LATE -> in(TIMEOUT.plus(latency.get().multipliedBy(2)), () -> put(written));
                    case ANSWERED, UNANSWERED -> put(written);
                }
                end(its);
            }

            private void put(Optional<String> written) {
                say(name + " wrote " + written.orElse("nothing"));
                note = written;
            }

            private Fate begin() {
                sleep(latency.get());
                if (isForbidden) {
                    throw forbidden();
                }
                return isCutOff ? Fate.REFUSED : fate.get();
            }

            private static ClaimForbiddenException forbidden() {
                return new ClaimForbiddenException("queue q: forbidden", new IllegalStateException("403"));
            }

            private void end(Fate its) {
                if (its == Fate.ANSWERED) {
                    sleep(latency.get());
                } else {
                    sleep(TIMEOUT);
                    throw new IllegalStateException("no answer");
                }
            }

            @Override
            public List<Delivery> poll() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void settle(Collection<Delivery> deliveries) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void handBack(Collection<Delivery> deliveries) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {}

            @Override
            public String toString() {
                return "queue q";
            }
        }
    }

    private static void await(Semaphore semaphore) {
        semaphore.acquireUninterruptibly();
    }
}
