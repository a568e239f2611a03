package io.clusterstate.etcd;

import static java.util.Objects.requireNonNullElse;

import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.internal.loop.MonotonicTime;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.op.Op;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key of a leader among a host's processes, followed by a watch. A watch is not trusted to deliver everything:
 * several times in a lease, a linearizable read asks for the key.
 *
 * <p>Thread: one loop runs {@link #step}; any thread may read and wait.
 */
final class LeadershipKey implements LeaderKey {

    private static final int READS_PER_LEASE = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LeadershipKey.class);

    /**
     * The key as this process has last seen it.
     *
     * @param upTo the revision up to which it has seen everything; 0 before the first read
     * @param term the revision at which the key was created; 0 without a key
     * @param holder the value of the key
     */
    private record Seen(long upTo, long term, String holder) {

        static final Seen NOTHING = new Seen(0, 0, "");
    }

    private final EtcdNamespace etcd;
    private final ByteSequence key;
    private final MonotonicTime time;
    private final Duration readEvery;
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final Object advanced = new Object();

    private volatile Seen seen = Seen.NOTHING;
    private @Nullable Watch watch;
    private long readAt;

    LeadershipKey(EtcdNamespace etcd, String name, MonotonicTime time, Duration lease) {
        this.etcd = etcd;
        this.key = etcd.keys().leadership(name);
        this.time = time;
        this.readEvery = lease.dividedBy(READS_PER_LEASE);
    }

    /** The name of the leader; empty without one. */
    Optional<String> holder() {
        Seen now = seen;
        return now.term() == 0 ? Optional.empty() : Optional.of(now.holder());
    }

    /** Waits for a message of the watch, and reads the key whenever that is due. */
    Duration step(Heartbeat heartbeat) throws InterruptedException {
        Watch current = watch;
        long left = readAt + readEvery.toNanos() - time.nanos();
        if (current == null || left <= 0) {
            heartbeat.beat(etcd.reads().timeout());
            read();
            return Duration.ZERO;
        }
        heartbeat.beat(Duration.ofNanos(left));
        Watch.Message message = current.poll(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        if (message instanceof Watch.Message.Events events) {
            events.updates().forEach(update -> show(update.revision(), Optional.of(update)));
        } else if (message instanceof Watch.Message.Failed failed) {
            closeWatch();
            etcd.reads().failed(current.client(), failed.why());
            throw new EtcdFailure(etcd + ": watch: " + EtcdFailure.reasonOf(failed.why()), failed.why());
        }
        return Duration.ZERO;
    }

    /** Reads the key. If the watch has not delivered what is there, another begins. */
    private void read() throws InterruptedException {
        long askedAt = time.nanos();
        Page page = etcd.reads()
                .call("the key of the leader", client -> client.read(KeyRange.of(key), ReadClient.PRESENT, 1));
        readAt = askedAt;
        if (page.revision() < seen.upTo()) {
            restart(page.revision());
        }
        boolean isNews = show(page.revision(), page.updates().stream().findFirst());
        if (isNews) {
            closeWatch();
        }
        if (watch == null) {
            watch = Watch.open(etcd.reads().client(), KeyRange.of(key), page.revision() + 1);
        }
    }

    /** Takes in any revision from now on; in the same past, a read sees all that was shown before. */
    private void restart(long revision) {
        Seen last = seen;
        LOG.warn("{}: at revision {}, and was at {}: it was restored from a backup", etcd, revision, last.upTo());
        closeWatch();
        seen = new Seen(0, last.term(), last.holder()); // until the read is shown, which ends a term that etcd lacks
    }

    /** Shows the key as of a revision; returns whether the leader is another than before. */
    private boolean show(long revision, Optional<KeyUpdate> update) {
        Seen before = seen;
        if (revision < before.upTo()) {
            return false;
        }
        Seen next = new Seen(
                revision,
                update.map(KeyUpdate::created).orElse(0L),
                update.map(KeyUpdate::value).map(LeadershipKey::text).orElse(""));
        synchronized (advanced) {
            seen = next;
            advanced.notifyAll();
        }
        boolean isNews = next.term() != before.term() || !next.holder().equals(before.holder());
        if (isNews || before.equals(Seen.NOTHING)) {
            hooks.forEach(Runnable::run);
        }
        return isNews;
    }

    private static String text(byte @Nullable [] value) {
        return new String(requireNonNullElse(value, new byte[0]), StandardCharsets.UTF_8);
    }

    private void closeWatch() {
        Watch last = watch;
        watch = null;
        if (last != null) {
            last.close();
        }
    }

    @Override
    public ByteSequence key() {
        return key;
    }

    @Override
    public List<Op> besides() {
        return List.of();
    }

    @Override
    public boolean isKnown() {
        return seen.upTo() > 0;
    }

    @Override
    public long term() {
        return seen.term();
    }

    @Override
    public long upTo() {
        return seen.upTo();
    }

    @Override
    public boolean awaitUpTo(long revision, long deadline) throws InterruptedException {
        synchronized (advanced) {
            long left = deadline - System.nanoTime();
            while (seen.upTo() < revision && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(advanced, left);
                left = deadline - System.nanoTime();
            }
            return seen.upTo() >= revision;
        }
    }

    @Override
    public void afterMove(Runnable hook) {
        hooks.add(hook);
    }

    /** Ends the watch, after the loop was stopped. */
    void close() {
        closeWatch();
    }
}
