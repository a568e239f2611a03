package io.clusterstate.spring;

import org.springframework.context.SmartLifecycle;

/**
 * Starts a view before the web server of the application, and stops it after. The start does not wait for the view to
 * be ready, which may take minutes while ECS is out; the health shows it.
 */
final class ViewLifecycle implements SmartLifecycle {

    /** Far below the phases of web servers and of beans without a phase of their own. */
    private static final int EARLY = 0;

    private final ManagedView managed;
    private volatile boolean isRunning;

    ViewLifecycle(ManagedView managed) {
        this.managed = managed;
    }

    @Override
    public void start() {
        managed.start().run();
        isRunning = true;
    }

    @Override
    public void stop() {
        isRunning = false;
        managed.stop().run();
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
