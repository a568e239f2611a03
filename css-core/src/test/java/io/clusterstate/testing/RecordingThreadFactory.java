package io.clusterstate.testing;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;

/** Makes daemon threads and remembers them, so that a test sees the threads of one mirror, store or reader alone. */
public final class RecordingThreadFactory implements ThreadFactory {

    private final Queue<Thread> made = new ConcurrentLinkedQueue<>();

    @Override
    public Thread newThread(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    }

    /** The threads that have started and not ended. */
    public List<Thread> living() {
        return made.stream().filter(Thread::isAlive).toList();
    }

    /** The names of the living threads that start with a prefix. */
    public List<String> living(String prefix) {
        return living().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
