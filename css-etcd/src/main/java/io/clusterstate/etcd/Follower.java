package io.clusterstate.etcd;

import io.clusterstate.StoreLink;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.etcd.jetcd.kv.GetResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a replica where etcd is: loads, watches from there on, watches again from where it was when a watch ends, and
 * loads again when what it needs is compacted or something was left out.
 *
 * <p>That the watch tells everything is not believed but checked: every so often etcd is asked how far it is, in a
 * linearizable read, and the replica has to get there. The link is live as long as it did lately.
 *
 * <p>Thread: one loop runs {@link #step}; anyone may ask for the link.
 */
final class Follower {

    /** How often etcd is asked how far it is, at the least. */
    private static final Duration CHECK_EVERY = Duration.ofSeconds(2);

    private static final long PATIENCE_MILLIS = 100;
    private static final Duration BROKEN = Duration.ofSeconds(30);
    /**
     * So many watches in a row that told nothing: they cannot be had from there, or their first answer is too large.
     */
    private static final int FRUITLESS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /** A question how far etcd is, asked when the replica was at a revision. */
    private record Check(CompletableFuture<GetResponse> answer, long from, long sentAt, Instant sentOn) {}

    private record Confirmed(long at, Instant on) {}

    private final EtcdConnection connection;
    private final Keys keys;
    private final Replica replica;
    private final Loader loader;
    private final Environment environment;
    private final Duration staleAfter;
    private final Duration checkEvery;
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final Instant begun;
    private volatile @Nullable Watch watch;
    private boolean mustLoad = true;
    private boolean isWatching;
    private int fruitless;
    private @Nullable Check check;
    private long checkedAt;
    private long openedAt;
    private volatile Instant linkedSince;
    private volatile @Nullable Confirmed confirmed;
    private volatile @Nullable String broken;
    private StoreLink.State told = StoreLink.State.LOADING;
    private final AtomicLong loads = new AtomicLong();
    private final AtomicLong watches = new AtomicLong();

    Follower(EtcdConnection connection, Keys keys, Replica replica, Environment environment, Duration staleAfter) {
        this.connection = connection;
        this.keys = keys;
        this.replica = replica;
        this.loader = new Loader(connection, keys, replica);
        this.environment = environment;
        this.staleAfter = staleAfter;
        this.checkEvery = staleAfter.dividedBy(4).compareTo(CHECK_EVERY) < 0 ? staleAfter.dividedBy(4) : CHECK_EVERY;
        this.begun = environment.clock().instant();
        this.linkedSince = begun;
    }

    /** Runs something when the link has moved; must be quick. */
    void afterMove(Runnable hook) {
        hooks.add(hook);
    }

    StoreLink link() {
        Confirmed last = confirmed;
        if (!replica.isLoaded()) {
            return new StoreLink(StoreLink.State.LOADING, begun);
        }
        if (broken != null) {
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

    /** Why it follows no more, for good; empty while it does. */
    Optional<String> broken() {
        return Optional.ofNullable(broken);
    }

    /** How often everything was loaded. */
    long loads() {
        return loads.get();
    }

    /** How many watches were opened. */
    long watches() {
        return watches.get();
    }

    /** One step of the loop. */
    Duration step(Heartbeat heartbeat) throws InterruptedException {
        if (broken != null) {
            return BROKEN;
        }
        try {
            follow(heartbeat);
        } catch (LostTrackException e) {
            closeWatch();
            if (e.isForGood()) {
                breakOff(e);
            } else {
                LOG.warn("{}: loads again: {}", connection, e.getMessage());
                mustLoad = true;
            }
        } catch (EtcdFailure e) {
            throw e;
        } catch (RuntimeException | Error e) {
            closeWatch(); // what it told last may not be in; the next one tells it again
            throw e;
        } finally {
            tellMoves();
        }
        return Duration.ZERO;
    }

    private void breakOff(LostTrackException why) {
        broken = connection + " was " + why.getMessage()
                + "; the view keeps what it had (expected: the state that was followed; restart this process to take over "
                + "what is there now)";
        LOG.error("{}", broken);
    }

    private void follow(Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        if (mustLoad) {
            loader.load(heartbeat);
            mustLoad = false;
            fruitless = 0;
            loads.incrementAndGet();
            if (confirmed == null) {
                linkedSince = environment.clock().instant();
            }
        }
        Watch now = watch;
        if (now == null) {
            now = open();
        }
        take(now.poll(PATIENCE_MILLIS));
        check();
    }

    private Watch open() {
        Watch opened = Watch.open(connection.client(), keys, replica.upTo() + 1);
        watch = opened;
        openedAt = environment.time().nanos();
        watches.incrementAndGet();
        return opened;
    }

    private void take(Watch.@Nullable Message message) throws LostTrackException {
        if (message instanceof Watch.Message.Created) {
            isWatching = true;
            checkedAt = 0;
        } else if (message instanceof Watch.Message.Events told) {
            fruitless = 0;
            replica.follow(told.events());
        } else if (message instanceof Watch.Message.Failed failed) {
            giveUp(failed.why());
        }
    }

    /** Ends the watch; the next step opens another from where this one was, or loads. */
    private void giveUp(Throwable why) {
        Watch last = watch;
        fruitless += isWatching ? 1 : 0;
        closeWatch();
        if (last != null) {
            connection.failed(last.client(), why);
        }
        mustLoad = EtcdFailure.isCompacted(why) || EtcdFailure.isTooLarge(why) || fruitless >= FRUITLESS;
        throw new EtcdFailure(
                connection + ": watch from revision " + (replica.upTo() + 1) + ": " + EtcdFailure.reasonOf(why), why);
    }

    private void closeWatch() {
        Watch last = watch;
        watch = null;
        isWatching = false;
        check = null;
        if (last != null) {
            last.close();
        }
    }

    private void check() throws LostTrackException {
        long now = environment.time().nanos();
        Check asked = check;
        if (asked != null) {
            judge(asked, now);
        } else if (!isWatching && now - openedAt > connection.timeout().toNanos()) {
            giveUp(new IllegalStateException("it did not begin within " + connection.timeout()));
        } else if (isWatching && (checkedAt == 0 || now - checkedAt > checkEvery.toNanos())) {
            long from = replica.upTo();
            check = new Check(
                    connection.client().getKVClient().get(keys.head()),
                    from,
                    now,
                    environment.clock().instant());
        }
    }

    private void judge(Check asked, long now) throws LostTrackException {
        if (asked.answer().isCompletedExceptionally()) {
            check = null;
            checkedAt = now;
            giveUp(failureOf(asked.answer()));
        }
        if (asked.answer().isDone() && isReached(asked)) {
            check = null;
            checkedAt = now;
            fruitless = 0;
            connection.succeeded();
            if (!link().isLive()) {
                linkedSince = environment.clock().instant();
            }
            confirmed = new Confirmed(asked.sentAt(), asked.sentOn());
        } else if (now - asked.sentAt() > connection.timeout().toNanos()) {
            check = null;
            giveUp(new IllegalStateException(
                    asked.answer().isDone()
                            ? "it has not told what etcd has had for " + connection.timeout()
                            : "etcd does not answer"));
        }
    }

    /** Whether the replica is where etcd was when it was asked. */
    private boolean isReached(Check asked) throws LostTrackException {
        GetResponse answer = asked.answer().join();
        long now = answer.getHeader().getRevision();
        if (now < asked.from()) {
            throw LostTrackException.wentBack(now, asked.from());
        }
        return answer.getKvs().stream().allMatch(head -> head.getModRevision() <= replica.upTo());
    }

    private static Throwable failureOf(CompletableFuture<?> failed) {
        try {
            failed.join();
            throw new IllegalStateException("answer: " + failed + " (expected: a failure)");
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    private void tellMoves() {
        StoreLink.State now = link().state();
        if (now != told) {
            LOG.info("{}: {}", connection, link());
            told = now;
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
