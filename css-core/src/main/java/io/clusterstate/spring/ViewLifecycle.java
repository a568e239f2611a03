package io.clusterstate.spring;

import org.springframework.context.SmartLifecycle;

/**
 * Starts a view before the web server of the application, and stops it after. The start does not wait for the view to
 * be ready, which may take minutes while ECS is out; the health shows it.
 */
final class ViewLifecycle implements SmartLifecycle {

    /** Far below the phases of web servers and of beans without a phase of their own. */
    private static final int EARLY = 0;

    private final Runnable start;
    private final Runnable stop;
    private volatile boolean isRunning;
    private volatile boolean isOver;

    ViewLifecycle(Runnable start, Runnable stop) {
        this.start = start;
        this.stop = stop;
    }

    /** Refuses a second start of the context, after which the view would be closed and nobody would know. */
    @Override
    public void start() {
        if (isOver) {
            throw new IllegalStateException("css: stopped (expected: a new context, since a view starts only once)");
        }
        start.run();
        isRunning = true;
    }

    @Override
    public void stop() {
        isRunning = false;
        isOver = true;
        stop.run();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /** A closed mirror cannot start again, so a paused context keeps it. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return EARLY;
    }
}
