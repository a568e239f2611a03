package io.clusterstate.examples.soak;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;

/** Makes daemon threads, and knows which of them live. */
final class TrackedThreads implements ThreadFactory {

    private final Queue<Thread> made = new ConcurrentLinkedQueue<>();

    @Override
    public Thread newThread(Runnable work) {
        made.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    }

    /** The names of the threads that live. */
    List<String> living() {
        return made.stream().filter(Thread::isAlive).map(Thread::getName).toList();
    }
}
