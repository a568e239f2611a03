package io.clusterstate.etcd;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Freshness;
import io.clusterstate.LoopStatus;
import io.clusterstate.NotReadyException;
import io.clusterstate.StoreLink;
import io.clusterstate.StoreView;
import io.clusterstate.SubscriptionStatus;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.internal.shape.AwsSdk;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.ConfirmedFreshness;
import io.clusterstate.spi.ViewHost;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A view of the state that mirrors keep in etcd, for a process that only reads: it takes in no events, never leads,
 * writes nothing, and needs no AWS client, credentials or queue; of the AWS SDK just the types of the entities.
 *
 * <p>The view is ready when the state is loaded from etcd, and some mirror has completed its first load. From then on
 * it keeps answering, also while etcd is away; {@link Freshness#link()} says then that it is stale. Its events' lag is
 * not known here.
 *
 * <pre>{@code
 * EtcdStateReader reader = EtcdStateReader.of(Etcd.at("http://10.0.0.1:2379"));
 * reader.start();
 * reader.view().awaitReady(Duration.ofSeconds(30));
 * }</pre>
 *
 * <p>Thread: safe for any thread.
 */
public final class EtcdStateReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdStateReader.class);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private enum Phase {
        LATENT,
        STARTED,
        CLOSED
    }

    private final FollowedReplica feed;
    private final StoreView view;
    private final ConfirmedFreshness confirmed;
    private volatile Phase phase = Phase.LATENT;
    private volatile boolean wasReady;

    private EtcdStateReader(
            Etcd etcd, ChangeJournal journal, InstantSource clock, ThreadFactory threads, Duration staleAfter) {
        Environment environment = new Environment(clock, MonotonicTime.SYSTEM, threads, new Random());
        this.feed = new FollowedReplica(etcd, journal, environment, staleAfter);
        this.confirmed = new ConfirmedFreshness(clock, environment.time());
        this.view = StoreView.of(journal, new Host(), clock, threads);
        feed.replica().afterMove(this::move);
        feed.follower().afterMove(this::move);
    }

    /**
     * A reader. Nothing is connected before {@link #start()}.
     *
     * @param etcd where the mirrors keep the state
     * @return the reader
     * @throws IllegalStateException if the AWS SDK on the class path, whose types entities are of, is too old
     */
    public static EtcdStateReader of(Etcd etcd) {
        return of(etcd, new ChangeJournal(), InstantSource.system(), EtcdStateStoreBuilder::daemon);
    }

    /**
     * A reader whose parts are handed in.
     *
     * @param etcd where the mirrors keep the state
     * @param journal where it publishes what it follows: its capacity is how far back subscribers can go on; of this
     *     reader alone
     * @param clock for stamps and ages
     * @param threads makes its threads; the reader names them
     * @return the reader
     * @throws IllegalStateException if the AWS SDK on the class path, whose types entities are of, is too old
     */
    public static EtcdStateReader of(Etcd etcd, ChangeJournal journal, InstantSource clock, ThreadFactory threads) {
        return of(etcd, journal, clock, threads, EtcdStateStoreBuilder.STALE_AFTER);
    }

    static EtcdStateReader of(
            Etcd etcd, ChangeJournal journal, InstantSource clock, ThreadFactory threads, Duration staleAfter) {
        AwsSdk.requireShapeOfTasks();
        return new EtcdStateReader(etcd, journal, clock, threads, staleAfter);
    }

    /**
     * Starts to follow. Returns at once; an outage of etcd is waited out.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public synchronized void start() {
        if (phase != Phase.LATENT) {
            throw new IllegalStateException("start: the reader is " + phase + " (expected: LATENT)");
        }
        phase = Phase.STARTED;
        feed.start();
    }

    /**
     * The read side.
     *
     * @return the one view of this reader
     */
    public ClusterStateView view() {
        return view;
    }

    /**
     * How its loops are doing (promise 10).
     *
     * @return the status of this moment
     */
    public List<LoopStatus> loops() {
        feed.reviveIfDead();
        return List.of(feed.status());
    }

    /**
     * How the subscriptions to its view are doing.
     *
     * @return those that are told of changes, and the last that have ended by a failure
     */
    public List<SubscriptionStatus> subscriptions() {
        return view.subscriptions();
    }

    /**
     * What is wrong at this moment, in words for people.
     *
     * @return one sentence each; none if all is well
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        feed.problem().ifPresent(problems::add);
        StoreLink link = feed.link();
        if (link.state() == StoreLink.State.STALE) {
            problems.add(feed.connection() + ": last heard of at " + link.since());
        }
        loops().stream()
                .filter(loop -> loop.state() != LoopStatus.State.WORKING && loop.state() != LoopStatus.State.ENDED)
                .forEach(loop -> problems.add("loop " + loop.name() + " is " + loop.state() + ", failures in a row: "
                        + loop.failuresInARow()
                        + loop.lastFailure().map(why -> ", the last: " + why).orElse("")));
        return problems;
    }

    private void move() {
        confirmed.moved(feed.replica().confirmation());
        wasReady |= feed.replica().isLoaded() && feed.replica().confirmation().isLoaded();
        view.moved();
    }

    /**
     * Ends following, waits and subscriptions (promise 11). A client of the host's stays open. Idempotent.
     *
     * <p>Blocks: up to some seconds, for listeners that are at work.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
            phase = Phase.CLOSED;
        }
        boolean wasInterrupted = Thread.interrupted(); // as by a host that shuts down: all the more is to be closed
        try {
            feed.stop();
            view.close();
            feed.awaitEnd(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            wasInterrupted = true;
        } finally {
            feed.connection().close();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        LOG.debug("{}: closed", feed.connection());
    }

    Follower follower() {
        return feed.follower();
    }

    EtcdConnection connection() {
        return feed.connection();
    }

    /** The reader, as its view asks it. */
    private final class Host implements ViewHost {

        @Override
        public boolean isReady() {
            return wasReady && !isOver();
        }

        @Override
        public boolean isOver() {
            return phase == Phase.CLOSED;
        }

        @Override
        public NotReadyException notReady() {
            return new NotReadyException(
                    isOver() ? "the reader is closed (expected: open)" : "the reader waits for " + waitsFor(), null);
        }

        @Override
        public String waitsFor() {
            if (!feed.replica().isLoaded()) {
                return feed.connection() + ", to be loaded from there: "
                        + feed.status().lastFailure().orElse("started: " + (phase == Phase.STARTED));
            }
            return "a mirror that completes the first load into " + feed.connection();
        }

        @Override
        public Freshness freshness() {
            Confirmation now = confirmed.now(feed.replica().confirmation());
            return new Freshness(now.whole(), now.clusters(), Optional.empty(), Optional.empty(), feed.link());
        }

        @Override
        public long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
            return feed.currentRevision(limit);
        }
    }
}
