package io.clusterstate.benchmarks;

import io.clusterstate.spi.EventSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * A program that empties a queue each time it reads a number of messages from standard input. It reports the time and
 * the processor time of all its threads for them.
 */
abstract class Drain {

    /** The first line of output. */
    static final String READY = "ready";

    /** The number of threads that receive, as a mirror has them by default. */
    static final int THREADS = 8;

    static final int BATCH = EventSource.FULL_BATCH;

    /** Deletes this many more messages, and calls the latch down when only the {@linkplain #rest rest} is left. */
    abstract void take(long messages, CountDownLatch done) throws InterruptedException;

    /** Serves standard input until it ends. */
    final void serve() throws IOException, InterruptedException {
        System.out.println(READY);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            long messages = Long.parseLong(line);
            CountDownLatch done = new CountDownLatch(1);
            long cpu = FreshJvm.cpu();
            long begun = System.nanoTime();
            take(messages, done);
            Waiting.until(done);
            long wall = System.nanoTime() - begun;
            long taken = messages - rest(messages);
            System.out.println(wall / taken + " " + (FreshJvm.cpu() - cpu) / taken);
        }
        Runtime.getRuntime().halt(0);
    }

    /**
     * The part of the messages that is not waited for. A mirror settles a hint only after ECS has described its entity,
     * which it defers by up to half a second, to describe many at once.
     */
    static long rest(long messages) {
        return messages / 20;
    }
}
