package io.clusterstate.micrometer;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is computed again only when it is older than a limit.
 *
 * <p>Thread: safe for any thread; callers wait while the value is computed.
 */
final class Cached<T> {

    /** Longer than a scrape takes, and shorter than the pause between scrapes. */
    static final Duration ONE_SCRAPE = Duration.ofSeconds(1);

    private final Supplier<T> source;
    private final long limitNanos;
    private final LongSupplier nanos;
    private @Nullable T value;
    private long takenAt;

    /** Creates a cache that measures age by {@code nanos}, such as {@link System#nanoTime}. */
    Cached(Supplier<T> source, Duration limit, LongSupplier nanos) {
        this.source = source;
        this.limitNanos = limit.toNanos();
        this.nanos = nanos;
    }

    synchronized T get() {
        long now = nanos.getAsLong();
        T known = value;
        if (known != null && now - takenAt < limitNanos) {
            return known;
        }
        T taken = source.get();
        value = taken;
        takenAt = now;
        return taken;
    }
}
