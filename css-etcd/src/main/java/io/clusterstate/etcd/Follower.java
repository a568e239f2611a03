package io.clusterstate.etcd;

import io.clusterstate.StoreLink;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a replica follow etcd: it loads the state and watches it from there on. A watch that ends is reopened where it
 * was. The state is loaded again if etcd has compacted what the watch needs, or if the watch has skipped a write.
 *
 * <p>A watch is not trusted to deliver everything. A linearizable read regularly asks etcd for its last write, which
 * the replica then has to reach. The link is live as long as it did so lately.
 *
 * <p>Thread: one loop runs {@link #step}; any thread may read the link.
 */
final class Follower {

    /** The longest time between two checks. */
    private static final Duration CHECK_EVERY = Duration.ofSeconds(2);

    private static final int CHECKS_UNTIL_STALE = 4;
    private static final long POLL_MILLIS = 100;
    private static final Duration PAUSE_WHEN_BROKEN = Duration.ofSeconds(30);
    /** After this number of watches in a row without an event, etcd cannot serve them from there; load instead. */
    private static final int MAX_FRUITLESS_WATCHES = 3;
    /** A watch that delivers nothing for this part of the time limit of a call, and has to, hangs. */
    private static final int HANGING_PART = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /**
     * The last check that the replica has passed.
     *
     * @param at the time when it was sent, monotonic, in nanoseconds
     * @param on the time when it was sent by the wall clock
     */
    private record PassedCheck(long at, Instant on) {}

    private final EtcdNamespace etcd;
    private final Replica replica;
    private final Loader loader;
    private final Environment environment;
    private final Duration staleAfter;
    private final Duration checkEvery;
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final Instant begun;
    private volatile @Nullable Watch watch;
    private boolean mustLoad = true;
    /** Whether etcd is known to have another past than the replica. */
    private boolean isReplaced;

    private boolean isWatching;
    private int fruitlessWatches;
    /** Whether a check has passed since the last reload; a second reload without that is a failure. */
    private boolean hasProgressed;

    private @Nullable HeadCheck check;
    private long checkedAt;
    private long openedAt;
    /** When the watch last proved to be current or delivered anything; 0 while it catches up. */
    private long heardAt;

    private volatile Instant linkedSince;
    private volatile @Nullable PassedCheck passed;
    private volatile @Nullable String fatalProblem;
    private StoreLink.State announced = StoreLink.State.LOADING;
    private final AtomicLong loads = new AtomicLong();
    private final AtomicLong watches = new AtomicLong();

    Follower(EtcdNamespace etcd, Replica replica, Environment environment, Duration staleAfter) {
        this.etcd = etcd;
        this.replica = replica;
        this.loader = new Loader(etcd, replica);
        this.environment = environment;
        this.staleAfter = staleAfter;
        Duration often = staleAfter.dividedBy(CHECKS_UNTIL_STALE);
        this.checkEvery = often.compareTo(CHECK_EVERY) < 0 ? often : CHECK_EVERY;
        this.begun = environment.clock().instant();
        this.linkedSince = begun;
    }

    /** Runs a hook whenever the state of the link has changed; it must be quick. */
    void afterMove(Runnable hook) {
        hooks.add(hook);
    }

    /** Sets what to run just before the replica shows a state that does not continue its own; it must be quick. */
    void beforeReplacing(Runnable hook) {
        loader.beforeReplacing(hook);
    }

    StoreLink link() {
        PassedCheck last = passed;
        if (!replica.isLoaded()) {
            return new StoreLink(StoreLink.State.LOADING, begun);
        }
        if (fatalProblem != null) {
            return new StoreLink(StoreLink.State.STALE, last == null ? linkedSince : last.on());
        }
        if (last == null) {
            return new StoreLink(StoreLink.State.WARM, linkedSince);
        }
        boolean isStale = environment.time().nanos() - last.at() > staleAfter.toNanos();
        return isStale
                ? new StoreLink(StoreLink.State.STALE, last.on())
                : new StoreLink(StoreLink.State.LIVE, linkedSince);
    }

    /** The time since the last proof that the replica was at etcd's last write; none before the first proof. */
    Optional<Duration> silentFor() {
        return Optional.ofNullable(passed)
                .map(last -> Duration.ofNanos(environment.time().nanos() - last.at()));
    }

    /** The reason why this process follows etcd no more, for good; empty while it does. */
    Optional<String> fatalProblem() {
        return Optional.ofNullable(fatalProblem);
    }

    /** The number of loads of the whole state. */
    long loads() {
        return loads.get();
    }

    /** The number of watches that were opened. */
    long watches() {
        return watches.get();
    }

    /** Runs one step of the loop. */
    Duration step(Heartbeat heartbeat) throws InterruptedException {
        if (fatalProblem != null) {
            return PAUSE_WHEN_BROKEN;
        }
        try {
            follow(heartbeat);
        } catch (LostTrackException e) {
            closeWatch();
            if (e.kind() == LostTrackException.Kind.UNUSABLE) {
                stopFollowing(e);
            } else {
                LOG.warn("{}: loads the state again: {}", etcd, e.getMessage());
                mustLoad = true;
                isReplaced |= e.kind() == LostTrackException.Kind.REPLACED;
            }
        } catch (EtcdFailure e) {
            throw e;
        } catch (RuntimeException | Error e) {
            closeWatch(); // its last events may not be in the replica; the next watch delivers them again
            throw e;
        } finally {
            announceLink();
        }
        return Duration.ZERO;
    }

    private void stopFollowing(LostTrackException why) {
        fatalProblem = etcd + " was " + why.getMessage()
                + "; the view keeps what it had (expected: the state that was followed; restart this process to take"
                + " over what is there now)";
        LOG.error("{}", fatalProblem);
    }

    private void follow(Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        if (mustLoad) {
            load(heartbeat);
        }
        Watch current = watch;
        if (current == null) {
            current = open();
        }
        handle(current.poll(POLL_MILLIS), heartbeat);
        if (watch != null) {
            check();
        }
    }

    private void load(Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        loader.load(isReplaced, heartbeat);
        mustLoad = false;
        isReplaced = false;
        fruitlessWatches = 0;
        loads.incrementAndGet();
        if (passed == null) {
            linkedSince = environment.clock().instant();
        }
    }

    private Watch open() {
        Watch opened = Watch.open(etcd.reads().client(), KeyRange.all(etcd.keys()), replica.upTo() + 1);
        watch = opened;
        openedAt = environment.time().nanos();
        watches.incrementAndGet();
        return opened;
    }

    private void handle(Watch.@Nullable Message message, Heartbeat heartbeat)
            throws InterruptedException, LostTrackException {
        if (message instanceof Watch.Message.Created) {
            begin(heartbeat);
        } else if (message instanceof Watch.Message.Events events) {
            fruitlessWatches = 0;
            heardAt = heardAt == 0 ? 0 : environment.time().nanos();
            replica.follow(events.updates());
        } else if (message instanceof Watch.Message.Failed failed) {
            failWatch(failed.why());
        }
    }

    /**
     * Begins to follow a watch. It continues the replica only if etcd has the last write that the replica shows; the
     * next write may have the expected number in another past too.
     */
    private void begin(Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        heartbeat.beat(etcd.reads().timeout());
        Past past;
        try {
            past = Past.of(etcd, replica.head(), replica.upTo(), etcd.reads().timeout());
        } catch (EtcdFailure e) {
            endWatch(e.getCause() == null ? e : e.getCause());
            return;
        }
        switch (past) {
            case SAME -> {
                isWatching = true;
                checkedAt = 0;
            }
            case OTHER -> throw LostTrackException.replaced(replica.head());
            case EARLIER -> throw LostTrackException.wentBack(replica.upTo());
        }
    }

    /** Ends the watch by a failure that its client may have caused; if that was replaced, the failure is no news. */
    private void failWatch(Throwable why) {
        Watch failed = watch;
        if (failed != null && !etcd.reads().isCurrent(failed.client())) {
            closeWatch();
            return;
        }
        if (failed != null) {
            etcd.reads().failed(failed.client(), why);
        }
        endWatch(why);
    }

    /**
     * Ends the watch. The next step reopens it where it was, or loads the state again.
     *
     * @throws EtcdFailure unless etcd has compacted what the watch needs, or its answer is too large for the client,
     *     and a check has passed since the last such end
     */
    private void endWatch(Throwable why) {
        fruitlessWatches += isWatching ? 1 : 0;
        closeWatch();
        String problem = etcd + ": watch from revision " + (replica.upTo() + 1) + ": " + EtcdFailure.reasonOf(why);
        EtcdFailure.Kind kind = EtcdFailure.kindOf(why);
        if (kind == EtcdFailure.Kind.COMPACTED || kind == EtcdFailure.Kind.TOO_LARGE) {
            mustLoad = true;
            if (hasProgressed) {
                hasProgressed = false;
                LOG.info("{}; loads the state again", problem);
                return;
            }
        } else {
            mustLoad |= fruitlessWatches >= MAX_FRUITLESS_WATCHES;
        }
        throw new EtcdFailure(problem, why);
    }

    private void closeWatch() {
        Watch last = watch;
        watch = null;
        isWatching = false;
        heardAt = 0;
        check = null;
        if (last != null) {
            last.close();
        }
    }

    private void check() throws LostTrackException {
        long now = environment.time().nanos();
        HeadCheck sent = check;
        if (sent != null) {
            evaluate(sent);
        } else if (!isWatching && now - openedAt > timeout()) {
            failWatch(new IllegalStateException(
                    "it did not begin within " + etcd.reads().timeout()));
        } else if (isWatching && (checkedAt == 0 || now - checkedAt > checkEvery.toNanos())) {
            check = new HeadCheck(etcd, replica, environment);
        }
    }

    private void evaluate(HeadCheck sent) throws LostTrackException {
        boolean isAnswered;
        try {
            isAnswered = sent.isAnswered();
        } catch (EtcdFailure e) {
            checkedAt = environment.time().nanos();
            endWatch(e.getCause() == null ? e : e.getCause());
            return;
        }
        if (isAnswered) {
            compare(sent, environment.time().nanos());
        }
    }

    /** Passes a check once the replica has reached the write that was etcd's last when the check was sent. */
    private void compare(HeadCheck sent, long now) {
        if (sent.head() <= replica.upTo()) {
            pass(sent, now);
        } else if (heardAt != 0 && now - Math.max(heardAt, sent.answeredAt()) > timeout() / HANGING_PART) {
            hang();
        } else if (now - sent.sentAt() > timeout()) {
            failWatch(new IllegalStateException(
                    "it has not delivered a write for " + etcd.reads().timeout()));
        }
    }

    /** Ends a watch whose member of etcd hangs. */
    private void hang() {
        Watch hanging = watch;
        if (hanging != null) {
            etcd.reads().silent(hanging.client());
        }
        failWatch(new IllegalStateException("it delivers nothing, while another member of etcd answers"));
    }

    private void pass(HeadCheck sent, long now) {
        check = null;
        checkedAt = now;
        heardAt = now;
        fruitlessWatches = 0;
        hasProgressed = true;
        etcd.reads().succeeded();
        if (!link().isLive()) {
            linkedSince = environment.clock().instant();
        }
        passed = new PassedCheck(sent.sentAt(), sent.sentOn());
    }

    private long timeout() {
        return etcd.reads().timeout().toNanos();
    }

    private void announceLink() {
        StoreLink.State now = link().state();
        if (now != announced) {
            LOG.info("{}: {}", etcd, link());
            announced = now;
            hooks.forEach(Runnable::run);
        }
    }

    /** Ends the watch, after the loop was stopped. */
    void close() {
        Watch last = watch;
        if (last != null) {
            last.close();
        }
    }
}
