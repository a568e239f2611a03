package io.clusterstate.mirror;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one mirror among many: each has the place in its name, so that a thread dump and a log line show it.
 *
 * @param place the name of the place
 * @param threads makes the threads
 * @param current the place that the calling thread works for
 */
record PlaceThreads(String place, ThreadFactory threads, ThreadLocal<String> current) implements ThreadFactory {

    private static final String PREFIX = "css-";

    @Override
    public @Nullable Thread newThread(Runnable work) {
        return threads.newThread(() -> {
            Thread self = Thread.currentThread();
            if (self.getName().startsWith(PREFIX)) {
                self.setName(PREFIX + place + "-" + self.getName().substring(PREFIX.length()));
            }
            current.set(place);
            work.run();
        });
    }
}
