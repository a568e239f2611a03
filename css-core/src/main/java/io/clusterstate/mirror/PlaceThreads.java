package io.clusterstate.mirror;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one mirror among many: each has the place in its name, so that a thread dump and a log line show it.
 *
 * @param place the name of the place
 * @param threads makes the threads
 */
record PlaceThreads(String place, ThreadFactory threads) implements ThreadFactory {

    private static final String PREFIX = "css-";

    private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

    /** The place that the calling thread works for; null for a thread of none. */
    static @Nullable String current() {
        return CURRENT.get();
    }

    @Override
    public @Nullable Thread newThread(Runnable work) {
        return threads.newThread(() -> {
            Thread self = Thread.currentThread();
            if (self.getName().startsWith(PREFIX)) {
                self.setName(PREFIX + place + "-" + self.getName().substring(PREFIX.length()));
            }
            CURRENT.set(place);
            work.run();
        });
    }
}
