package io.clusterstate.etcd;

import static java.util.Objects.requireNonNull;

import io.clusterstate.LoopStatus;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One leader among several processes of a host, such as schedulers of which only one may act. Each of them makes a
 * leadership of the same name on the same etcd. The mirrors' own election is another one: a process may lead here, and
 * its mirror may follow.
 *
 * <p>A leader holds a key on a lease, and renews the lease three times within its time. If it ends, is cut off or
 * paused, another process leads after a lease, 15 seconds by default.
 *
 * <p>Consistency: a process judges its own term by its monotonic clock, from before it asked etcd. {@link #term} is
 * therefore 0 here before etcd lets another process lead, also after a pause of the process. It relies on two clocks
 * that run equally fast. A virtual machine whose clock stands still while it is suspended may for a moment believe in
 * an old term.
 *
 * <p>Fencing: a process may be paused between its look at the term and what it does then. A write to etcd can have the
 * condition that the key {@code leadership/NAME} was created at the revision {@link #term}. A receiver that remembers
 * the highest term can refuse lower ones. ECS does neither, so a call of a former leader may take effect. Make such a
 * call harmless by a client token that both leaders derive from the same facts, as {@code examples/daemon-scheduler}
 * does.
 *
 * <p>The keys are under {@code leadership/} in the {@linkplain Etcd#namespace namespace}. They are no part of the
 * state, and mirrors and readers of any version pass them over. A leadership needs no state there.
 *
 * <p>Thread: safe for any thread. Blocks: only {@link #awaitLead} and {@link #close}. Nothing connects before
 * {@link #start}. While etcd is away, nobody leads after a lease; nothing is thrown, and {@link #loops} says why.
 */
public final class Leadership implements AutoCloseable {

    /** A pause of the garbage collector does not cost the lead, and the next leader takes over soon. */
    public static final Duration DEFAULT_LEASE = EtcdStateStoreBuilder.LEADER_LEASE;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final String name;
    private final EtcdNamespace etcd;
    private final LeadershipKey key;
    private final Election election;
    private final Loop followLoop;
    private final Loop electionLoop;
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    /** Guards the start and the close, and wakes the threads that wait to lead. */
    private final Object moved = new Object();

    private volatile boolean isStarted;
    private volatile boolean isClosed;

    Leadership(Etcd etcd, String name, Duration lease, Environment environment) {
        this.name = checked(name);
        EtcdStateStoreBuilder.checkLease("lease", lease);
        this.etcd = etcd.connect();
        this.key = new LeadershipKey(this.etcd, name, environment.time(), lease);
        this.election = new Election(
                this.etcd, key, environment.time(), lease, EtcdStateStoreBuilder.processName(), Optional::empty);
        this.followLoop = new Loop("leadership-follow-" + name, environment, key::step, FollowedReplica.GROWS_UNTIL);
        this.electionLoop = new Loop("leadership-" + name, environment, election::step, FollowedReplica.GROWS_UNTIL);
        key.afterMove(this::announce);
        election.afterMove(this::announce);
    }

    /**
     * A leadership with the default lease; it begins with {@link #start}.
     *
     * @param etcd the address, equal in all processes
     * @param name the name of the lead, equal in all processes: 1 to 64 letters, digits, dots, hyphens or underscores
     * @return a leadership, which the host closes
     * @throws IllegalArgumentException if the name is none
     */
    public static Leadership of(Etcd etcd, String name) {
        return of(etcd, name, DEFAULT_LEASE);
    }

    /**
     * A leadership with a lease of the host's choice; it begins with {@link #start}.
     *
     * @param etcd the address, equal in all processes
     * @param name the name of the lead, as in {@link #of(Etcd, String)}
     * @param lease the time after which a leader that is not heard of loses the lead, in whole seconds, at least 2
     *     seconds
     * @return a leadership, which the host closes
     * @throws IllegalArgumentException if the name is none, or the lease is shorter or not of whole seconds
     */
    public static Leadership of(Etcd etcd, String name, Duration lease) {
        requireNonNull(etcd, "etcd: null (expected: an etcd)");
        return new Leadership(
                etcd,
                name,
                lease,
                new Environment(InstantSource.system(), MonotonicTime.SYSTEM, Environment::daemon, new Random()));
    }

    private static String checked(String name) {
        if (!NAME.matcher(requireNonNull(name, "name: null (expected: a name)")).matches()) {
            throw new IllegalArgumentException(
                    "name: " + name + " (expected: 1 to 64 letters, digits, dots, hyphens or underscores)");
        }
        return name;
    }

    /**
     * Stands for the lead from now on. A second call has no effect.
     *
     * @throws IllegalStateException if this is closed
     */
    public void start() {
        synchronized (moved) { // or a close at the same time would end loops that are not yet there
            if (isClosed) {
                throw new IllegalStateException(this + ": closed (expected: open)");
            }
            if (!isStarted) {
                isStarted = true;
                followLoop.start();
                electionLoop.start();
            }
        }
    }

    /**
     * The term in which this process leads. Terms rise from leader to leader, across all processes, as long as etcd
     * keeps its revisions. Cost: two volatile reads and one of the clock; ask again before each action.
     *
     * @return the term, which is etcd's revision at its beginning; 0 while this process does not lead
     */
    public long term() {
        return election.term();
    }

    /**
     * The name of the process that leads, as this process last saw it in etcd: host, process id and a random part.
     *
     * @return the name; empty while nobody leads, or nothing is known yet
     */
    public Optional<String> leader() {
        return key.holder();
    }

    /**
     * Waits until this process leads.
     *
     * @param limit the longest wait
     * @return the term, which may be over again
     * @throws TimeoutException if another process led all the while, or etcd did not answer
     * @throws InterruptedException if the thread was interrupted
     * @throws IllegalStateException if this is closed
     */
    public long awaitLead(Duration limit) throws TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (moved) {
            long now = term();
            while (now == 0) {
                long left = deadline - System.nanoTime();
                if (isClosed) {
                    throw new IllegalStateException(this + ": closed (expected: open)");
                }
                if (left <= 0) {
                    throw new TimeoutException(this + ": after " + limit + " (expected: to lead); " + whyNot());
                }
                TimeUnit.NANOSECONDS.timedWait(moved, left);
                now = term();
            }
            return now;
        }
    }

    private String whyNot() {
        return loops().stream()
                .flatMap(loop -> loop.lastFailure().stream())
                .findFirst()
                .map(why -> "last failure: " + why)
                .orElseGet(() -> isStarted ? "leader: " + leader().orElse("none") : "not started (expected: started)");
    }

    /**
     * Adds a hook that runs when another process leads, or this one begins or ceases to. It may run late, or twice for
     * one change: let it wake a thread that asks for the {@link #term}. The term ends by the clock without waiting for
     * a hook.
     *
     * <p>Begin: the present state is not delivered. Add the hook before {@link #start}, or ask for the term after
     * adding it. {@link #close} ends the term and runs no hook.
     *
     * <p>Thread: a hook runs on a loop of this leadership or on the thread that {@linkplain #resign resigns}, on two at
     * once if changes coincide. Hooks run in the order in which they were added. The log has the exception of a hook,
     * and the next hook runs all the same. A hook may call every method, also {@link #close}.
     *
     * @param hook the hook; it must be quick, since the election waits for it
     */
    public void onChange(Runnable hook) {
        hooks.add(requireNonNull(hook, "hook: null (expected: a hook)"));
    }

    private void announce() {
        long now = election.term();
        if (now != 0) {
            election.confirmed(now); // each resignation counts anew
        }
        synchronized (moved) {
            moved.notifyAll();
        }
        hooks.forEach(this::run);
    }

    @SuppressWarnings("IllegalCatch") // a host's hook must not end an election
    private void run(Runnable hook) {
        try {
            hook.run();
        } catch (RuntimeException e) {
            LOG.warn("{}: a hook has failed", this, e);
        }
    }

    /**
     * Gives the lead up, as a process that cannot use it should. The term is 0 at once, and another process can lead at
     * once. This process stands again when nobody has led for the time of a lease. No effect while it does not lead.
     *
     * @param why the reason, for the log
     */
    public void resign(String why) {
        election.resign(election.term(), why);
    }

    /**
     * The health of the two loops, with their last failures, as when etcd cannot be reached.
     *
     * @return the status of each loop
     */
    public List<LoopStatus> loops() {
        return List.of(followLoop.status(), electionLoop.status());
    }

    /**
     * Gives the lead up, so that another process can lead at once. From the call on, the term is 0 and nothing
     * campaigns any more. Idempotent.
     *
     * <p>Blocks: up to about five seconds, if etcd does not answer.
     */
    @Override
    public void close() {
        synchronized (moved) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            election.stop();
            moved.notifyAll();
        }
        boolean wasInterrupted = Thread.interrupted(); // a host that shuts down may interrupt; close all the same
        try {
            for (Loop loop : List.of(electionLoop, followLoop)) {
                loop.stop();
                loop.interrupt();
            }
            election.close();
            electionLoop.join(CLOSE_LIMIT);
            followLoop.join(CLOSE_LIMIT);
            key.close();
        } catch (InterruptedException e) {
            wasInterrupted = true;
        } finally {
            etcd.close();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return "leadership " + name + " in " + etcd;
    }
}
