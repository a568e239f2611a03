package io.clusterstate.etcd;

import static java.util.Objects.requireNonNull;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.spi.ChangeJournal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * Builds an {@link EtcdStateStore}. All mirrors on one state should use equal settings.
 *
 * <p>Thread: one thread at a time.
 */
public final class EtcdStateStoreBuilder {

    /** A pause of the garbage collector does not cost the lead, and the next leader takes over soon. */
    static final Duration LEADER_LEASE = Duration.ofSeconds(15);

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

    private static final Duration SHORTEST_STALE = Duration.ofSeconds(1);

    /** A few checks may fail before the link is stale. */
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
    private ThreadFactory threads = Environment::daemon;
    private RandomGenerator random = new Random();
    private String candidate = processName();

    EtcdStateStoreBuilder(Etcd etcd) {
        this.etcd = requireNonNull(etcd, "etcd: null (expected: an etcd)");
    }

    /**
     * Sets the time for which stopped tasks and inactive instances, services and clusters are kept after their end.
     *
     * @param duration the time, up to 36,500 days; by default an hour
     * @return this builder
     * @throws IllegalArgumentException if the time is negative or too long
     */
    public EtcdStateStoreBuilder keepEnded(Duration duration) {
        this.keepEnded = checked("keepEnded", duration);
        return this;
    }

    /**
     * Sets the time for which a removal is remembered, so that a late event does not revive the entity. It should be at
     * least the time for which an event can be late.
     *
     * @param duration the time, up to 36,500 days; by default a day
     * @return this builder
     * @throws IllegalArgumentException if the time is negative or too long
     */
    public EtcdStateStoreBuilder keepTombstones(Duration duration) {
        this.keepTombstones = checked("keepTombstones", duration);
        return this;
    }

    /**
     * Sets the time after which another mirror may lead, if the leader is not heard of.
     *
     * @param duration the time, in whole seconds, at least 2 seconds; by default 15 seconds
     * @return this builder
     * @throws IllegalArgumentException if the time is shorter, or not of whole seconds
     */
    public EtcdStateStoreBuilder leaderLease(Duration duration) {
        this.leaderLease = checkLease("leaderLease", duration);
        return this;
    }

    static Duration checkLease(String name, Duration duration) {
        if (checked(name, duration).compareTo(SHORTEST_LEASE) < 0) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: at least " + SHORTEST_LEASE + ")");
        }
        if (!duration.equals(Duration.ofSeconds(duration.toSeconds()))) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: whole seconds, as etcd counts)");
        }
        return duration;
    }

    /**
     * Sets the time without an answer of etcd after which the link is stale, and the mirror takes in no more events.
     *
     * @param duration the time, at least a second; by default 10 seconds
     * @return this builder
     * @throws IllegalArgumentException if the time is shorter
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
     * Sets the number of entities in one transaction. It must be at least two below the {@code --max-txn-ops} of etcd.
     *
     * @param most the largest number, at least 1; by default {@value WriteLimits#MOST_KEYS}, for etcd's default of 128
     * @return this builder
     * @throws IllegalArgumentException if the number is below 1
     */
    public EtcdStateStoreBuilder mostKeys(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("mostKeys: " + most + " (expected: >= 1)");
        }
        this.mostKeys = most;
        return this;
    }

    /**
     * Sets the largest size of an entity's JSON, and about that of a transaction. It must leave some room below the
     * {@code --max-request-bytes} of etcd. The store refuses a larger entity.
     *
     * @param bytes the size in bytes, at least 1024; by default 1 MiB, for etcd's default of 1.5 MiB
     * @return this builder
     * @throws IllegalArgumentException if the size is smaller
     */
    public EtcdStateStoreBuilder largestValue(int bytes) {
        if (bytes < 1024) {
            throw new IllegalArgumentException("largestValue: " + bytes + " (expected: at least 1024)");
        }
        this.largestValue = bytes;
        return this;
    }

    /**
     * Sets the journal of this process. Its capacity is the number of changes after which a slow or resumed subscriber
     * receives a reset.
     *
     * @param own a new journal, for this store alone
     * @return this builder
     */
    public EtcdStateStoreBuilder journal(ChangeJournal own) {
        this.journal = requireNonNull(own, "own: null (expected: a journal)");
        return this;
    }

    /**
     * Sets the wall clock, which decides when a retention is over.
     *
     * @param source the clock; by default the system's
     * @return this builder
     */
    public EtcdStateStoreBuilder clock(InstantSource source) {
        this.clock = requireNonNull(source, "source: null (expected: a clock)");
        return this;
    }

    /**
     * Sets the factory of the store's threads; the store names them.
     *
     * @param factory the factory; by default it makes daemon threads
     * @return this builder
     */
    public EtcdStateStoreBuilder threads(ThreadFactory factory) {
        this.threads = requireNonNull(factory, "factory: null (expected: a thread factory)");
        return this;
    }

    /**
     * Sets the random generator for the jitter of pauses.
     *
     * @param generator the generator; by default a new {@link Random}
     * @return this builder
     */
    public EtcdStateStoreBuilder random(RandomGenerator generator) {
        this.random = requireNonNull(generator, "generator: null (expected: a generator)");
        return this;
    }

    /**
     * Builds the store. Nothing connects before a mirror starts.
     *
     * @return a store for one mirror, which starts and closes it
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

    /** The host, the process, and a random part, since a process may have several stores. */
    static String processName() {
        String host = Objects.requireNonNullElse(System.getenv("HOSTNAME"), "css");
        return host + "-" + ProcessHandle.current().pid() + "-"
                + Integer.toHexString(UUID.randomUUID().hashCode());
    }

    /** The name of this process in the leader's key, for people who look into etcd. */
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
}
