package io.clusterstate.etcd;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Expectations;
import io.clusterstate.Freshness;
import io.clusterstate.LoopStatus;
import io.clusterstate.NotReadyException;
import io.clusterstate.StoreLink;
import io.clusterstate.StoreView;
import io.clusterstate.SubscriptionStatus;
import io.clusterstate.internal.expect.OpenExpectations;
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
 * A view of the state that mirrors keep in etcd, for a process that only reads. A reader takes in no events, never
 * leads and writes nothing. It needs no AWS client, credentials or queue; of the AWS SDK it uses only the types of the
 * entities.
 *
 * <p>The view is ready once the state is loaded from etcd and a mirror has completed its first load. From then on it
 * keeps answering, also while etcd is away; {@link Freshness#link()} is then stale. All processes on one state pass
 * through the same states, each with the delay of its watch; {@link ClusterStateView#awaitCurrent} waits for etcd's
 * present state. The lag of events is not known here.
 *
 * <pre>{@code
 * EtcdStateReader reader = EtcdStateReader.of(Etcd.at("http://10.0.0.1:2379"));
 * reader.start();
 * reader.view().awaitReady(Duration.ofSeconds(30));
 * }</pre>
 *
 * <p>Thread: safe for any thread. Blocks: only {@link #close}, and the waits of the view.
 */
public final class EtcdStateReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdStateReader.class);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private enum Phase {
        LATENT,
        STARTED,
        CLOSED
    }

    private final FollowedReplica followed;
    private final StoreView view;
    private final ConfirmedFreshness confirmed;
    private final Expectations expectations;
    private volatile Phase phase = Phase.LATENT;
    private volatile boolean wasReady;

    private EtcdStateReader(Etcd etcd, ChangeJournal journal, Environment environment, Duration staleAfter) {
        InstantSource clock = environment.clock();
        this.followed = new FollowedReplica(etcd, journal, environment, staleAfter, false);
        this.confirmed = new ConfirmedFreshness(clock, environment.time()::nanos);
        this.view = StoreView.of(journal, new Host(), clock, environment.threads());
        this.expectations = new OpenExpectations(view, clock, environment.time()::nanos, view::moved, false);
        followed.replica().afterMove(this::move);
        followed.follower().afterMove(this::move);
    }

    /**
     * Makes a reader. Nothing connects before {@link #start()}.
     *
     * @param etcd the address of the state, as the mirrors have it
     * @return the reader
     * @throws IllegalStateException if the AWS SDK on the class path is too old
     */
    public static EtcdStateReader of(Etcd etcd) {
        return of(etcd, new ChangeJournal(), InstantSource.system(), Environment::daemon);
    }

    /**
     * Makes a reader of given parts. Nothing connects before {@link #start()}.
     *
     * @param etcd the address of the state, as the mirrors have it
     * @param journal the journal of this reader alone; its capacity is the number of changes after which a slow or
     *     resumed subscriber receives a reset
     * @param clock the wall clock, for times that people read and for the age of the state
     * @param threads the factory of the reader's threads; the reader names them
     * @return the reader
     * @throws IllegalStateException if the AWS SDK on the class path is too old
     */
    public static EtcdStateReader of(Etcd etcd, ChangeJournal journal, InstantSource clock, ThreadFactory threads) {
        return of(etcd, journal, clock, threads, EtcdStateStoreBuilder.STALE_AFTER);
    }

    static EtcdStateReader of(
            Etcd etcd, ChangeJournal journal, InstantSource clock, ThreadFactory threads, Duration staleAfter) {
        return of(etcd, journal, new Environment(clock, MonotonicTime.SYSTEM, threads, new Random()), staleAfter);
    }

    static EtcdStateReader of(Etcd etcd, ChangeJournal journal, Environment environment, Duration staleAfter) {
        AwsSdk.requireShapeOfTasks();
        return new EtcdStateReader(etcd, journal, environment, staleAfter);
    }

    /**
     * Starts to follow etcd. Returns at once; the reader retries for as long as etcd is away.
     *
     * @throws IllegalStateException if the reader was started or closed before
     */
    public synchronized void start() {
        if (phase != Phase.LATENT) {
            throw new IllegalStateException("start: the reader is " + phase + " (expected: LATENT)");
        }
        phase = Phase.STARTED;
        followed.start();
    }

    /**
     * Whether the one start of this reader is over, so that another {@link #start()} would throw.
     *
     * @return true from the first call of {@link #start()} or {@link #close()} on
     */
    public boolean isStarted() {
        return phase != Phase.LATENT;
    }

    /**
     * The view of the state.
     *
     * @return the view, the same object at every call
     */
    public ClusterStateView view() {
        return view;
    }

    /**
     * The starts and stops of this process, to be laid over the view. A process that starts tasks by an ECS client of
     * its own then reads its own writes. They cost nothing before their first use.
     *
     * <p>A reader asks ECS nothing: what the mirrors write to etcd settles an expectation. The mirrors have to follow
     * tasks and container instances. Without news, an expectation is dropped after two minutes, at the next read of the
     * expectations, with a warning in the log and a count in {@link Expectations#dropped}.
     *
     * <p>An unknown outcome ends as soon as the view shows a task with its {@code startedBy}. Without one it is dropped
     * in the same way, which proves nothing: the task may run. List the tasks of that {@code startedBy} before you
     * start it again.
     *
     * @return the expectations, the same object at every call
     */
    public Expectations expectations() {
        return expectations;
    }

    /**
     * The status of the reader's loops (promise 10). A dead loop is started again.
     *
     * @return one status for each loop, as of now
     */
    public List<LoopStatus> loops() {
        followed.reviveIfDead();
        return List.of(followed.status());
    }

    /**
     * The status of the subscriptions to the view.
     *
     * @return the active subscriptions, and the last ones that ended by a failure
     */
    public List<SubscriptionStatus> subscriptions() {
        return view.subscriptions();
    }

    /**
     * The present problems, for people.
     *
     * @return a sentence for each problem; empty if there is none
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        followed.problem().ifPresent(problems::add);
        StoreLink link = followed.link();
        if (link.state() == StoreLink.State.STALE) {
            problems.add(followed.etcd() + ": last heard of at " + link.since() + " (expected: to answer)");
        }
        loops().stream()
                .filter(loop -> loop.state() != LoopStatus.State.WORKING && loop.state() != LoopStatus.State.ENDED)
                .forEach(loop -> problems.add("loop " + loop.name() + " is " + loop.state() + ", failures in a row: "
                        + loop.failuresInARow()
                        + loop.lastFailure().map(why -> ", the last: " + why).orElse("")));
        return problems;
    }

    private void move() {
        confirmed.moved(followed.replica().confirmation());
        wasReady |= followed.replica().isLoaded()
                && followed.replica().confirmation().isLoaded();
        view.moved();
    }

    /**
     * Stops following etcd, and ends all waits and subscriptions (promise 11). A client of the host's stays open.
     * Idempotent.
     *
     * <p>Blocks: up to a few seconds, while listeners and a call to etcd end.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
            phase = Phase.CLOSED;
        }
        view.moved();
        boolean wasInterrupted = Thread.interrupted(); // a host that shuts down may interrupt; close all the same
        try {
            followed.stop();
            view.close();
            followed.awaitEnd(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            wasInterrupted = true;
        } finally {
            followed.etcd().close();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        LOG.debug("{}: closed", followed.etcd());
    }

    Follower follower() {
        return followed.follower();
    }

    Replica replica() {
        return followed.replica();
    }

    EtcdConnection<ReadClient> connection() {
        return followed.etcd().reads();
    }

    /** The reader as the host of its view. */
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
            if (!followed.replica().isLoaded()) {
                return followed.formatProblem()
                        .orElseGet(() -> "the state to be loaded from " + followed.etcd() + ": "
                                + followed.status().lastFailure().orElse("started: " + (phase == Phase.STARTED)));
            }
            return "a mirror that completes the first load into " + followed.etcd();
        }

        @Override
        public Freshness freshness() {
            Confirmation now = confirmed.now(followed.replica().confirmation());
            return new Freshness(
                    confirmed.whole(now), now.clusters(), Optional.empty(), Optional.empty(), followed.link());
        }

        @Override
        public long currentRevision(Duration limit) throws TimeoutException, InterruptedException {
            return followed.currentRevision(limit);
        }
    }
}
