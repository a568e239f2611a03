package io.clusterstate.etcd;

import static java.util.Objects.requireNonNull;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.spi.ChangeJournal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * Puts an {@link EtcdStateStore} together. All mirrors on one state should be built alike.
 *
 * <p>Thread: one thread at a time.
 */
public final class EtcdStateStoreBuilder {

    /** Long enough that a stop of the JVM for garbage does not cost the lead, short enough to be waited for. */
    private static final Duration LEADER_LEASE = Duration.ofSeconds(15);

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

    private static final Duration SHORTEST_STALE = Duration.ofSeconds(1);

    /** A few checks may fail before it is said. */
    static final Duration STALE_AFTER = Duration.ofSeconds(10);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Etcd etcd;
    private Duration keepEnded = EtcdStateStore.DEFAULT_KEEP_ENDED;
    private Duration keepTombstones = EtcdStateStore.DEFAULT_KEEP_TOMBSTONES;
    private Duration leaderLease = LEADER_LEASE;
    private Duration staleAfter = STALE_AFTER;
    private int mostKeys = WriteLimits.MOST_KEYS;
    private int largestValue = WriteLimits.LARGEST_VALUE;
    private ChangeJournal journal = new ChangeJournal();
    private InstantSource clock = InstantSource.system();
    private ThreadFactory threads = EtcdStateStoreBuilder::daemon;
    private RandomGenerator random = new Random();
    private String candidate = "css-" + UUID.randomUUID();

    EtcdStateStoreBuilder(Etcd etcd) {
        this.etcd = requireNonNull(etcd, "etcd: null (expected: an etcd)");
    }

    /**
     * How long stopped tasks and inactive instances, services and clusters are kept after their end.
     *
     * @param duration by default an hour
     * @return this
     */
    public EtcdStateStoreBuilder keepEnded(Duration duration) {
        this.keepEnded = checked("keepEnded", duration);
        return this;
    }

    /**
     * How long a removal is remembered; at least as long as a late event can still come.
     *
     * @param duration by default a day
     * @return this
     */
    public EtcdStateStoreBuilder keepTombstones(Duration duration) {
        this.keepTombstones = checked("keepTombstones", duration);
        return this;
    }

    /**
     * After how long without a sign of the mirror that leads another one may lead.
     *
     * @param duration by default 15 seconds, in whole seconds; at least 2 seconds
     * @return this
     */
    public EtcdStateStoreBuilder leaderLease(Duration duration) {
        if (checked("leaderLease", duration).compareTo(SHORTEST_LEASE) < 0) {
            throw new IllegalArgumentException(
                    "leaderLease: " + duration + " (expected: at least " + SHORTEST_LEASE + ")");
        }
        if (!duration.equals(Duration.ofSeconds(duration.toSeconds()))) {
            throw new IllegalArgumentException(
                    "leaderLease: " + duration + " (expected: whole seconds, as etcd counts)");
        }
        this.leaderLease = duration;
        return this;
    }

    /**
     * After how long without an answer of etcd the view says that it is stale, and the mirror takes in no more events.
     *
     * @param duration by default 10 seconds; at least a second
     * @return this
     */
    public EtcdStateStoreBuilder staleAfter(Duration duration) {
        if (checked("staleAfter", duration).compareTo(SHORTEST_STALE) < 0) {
            throw new IllegalArgumentException(
                    "staleAfter: " + duration + " (expected: at least " + SHORTEST_STALE + ")");
        }
        this.staleAfter = duration;
        return this;
    }

    /**
     * How many entities are written in one transaction.
     *
     * @param most by default {@value WriteLimits#MOST_KEYS}, two less than etcd's own default of {@code --max-txn-ops}
     * @return this
     */
    public EtcdStateStoreBuilder mostKeys(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("mostKeys: " + most + " (expected: >= 1)");
        }
        this.mostKeys = most;
        return this;
    }

    /**
     * How large the JSON of one entity may be, and about how large a transaction.
     *
     * @param bytes by default 1 MiB; etcd's own default of {@code --max-request-bytes} is 1.5 MiB
     * @return this
     */
    public EtcdStateStoreBuilder largestValue(int bytes) {
        if (bytes < 1024) {
            throw new IllegalArgumentException("largestValue: " + bytes + " (expected: at least 1024)");
        }
        this.largestValue = bytes;
        return this;
    }

    /**
     * Where this process publishes what it follows: its capacity is how far back subscribers can go on.
     *
     * @param own a new one, of this store alone
     * @return this
     */
    public EtcdStateStoreBuilder journal(ChangeJournal own) {
        this.journal = requireNonNull(own, "own: null (expected: a journal)");
        return this;
    }

    /**
     * By what the ends of retentions are judged.
     *
     * @param source by default the system's clock
     * @return this
     */
    public EtcdStateStoreBuilder clock(InstantSource source) {
        this.clock = requireNonNull(source, "source: null (expected: a clock)");
        return this;
    }

    /**
     * Makes the store's threads; the store names them.
     *
     * @param factory by default of daemon threads
     * @return this
     */
    public EtcdStateStoreBuilder threads(ThreadFactory factory) {
        this.threads = requireNonNull(factory, "factory: null (expected: a thread factory)");
        return this;
    }

    /**
     * The dice for the jitter of pauses.
     *
     * @param generator by default one with a seed of its own
     * @return this
     */
    public EtcdStateStoreBuilder random(RandomGenerator generator) {
        this.random = requireNonNull(generator, "generator: null (expected: a generator)");
        return this;
    }

    /**
     * Builds the store. Nothing is connected yet.
     *
     * @return a store to be given to a mirror, which closes it
     */
    public EtcdStateStore build() {
        return new EtcdStateStore(this);
    }

    Etcd etcd() {
        return etcd;
    }

    WriteLimits limits() {
        return new WriteLimits(keepEnded, keepTombstones, mostKeys, largestValue);
    }

    ChangeJournal journal() {
        return journal;
    }

    Environment environment() {
        return new Environment(clock, MonotonicTime.SYSTEM, threads, random);
    }

    Duration leaderLease() {
        return leaderLease;
    }

    Duration staleAfter() {
        return staleAfter;
    }

    /** Who stands for leader, for people who look into etcd. */
    String candidate() {
        return candidate;
    }

    private static Duration checked(String name, Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + ": " + duration + " (expected: not negative, at most " + LONGEST + ")");
        }
        return duration;
    }

    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }
}
