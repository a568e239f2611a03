package io.clusterstate.simulator;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that makes changes in the world at a rate. */
final class SimulationLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulationLoop.class);
    private static final long BEAT_MILLIS = 5;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Simulation simulation;
    private final double eventsPerSecond;
    private final Thread thread;
    private volatile boolean isClosed;

    SimulationLoop(Simulation simulation, double eventsPerSecond) {
        this.simulation = simulation;
        this.eventsPerSecond = eventsPerSecond;
        this.thread = new Thread(this::run, "simulator-driver");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        Threads.join(thread, CLOSING);
    }

    private void run() {
        try {
            long began = System.nanoTime();
            double goal = simulation.committedEvents();
            while (!isClosed) {
                simulation.tick();
                if (!simulation.isInhabited()) {
                    began = System.nanoTime();
                    goal = simulation.committedEvents();
                }
                double elapsed = (System.nanoTime() - began) / 1e9;
                while (!isClosed
                        && simulation.isInhabited()
                        && simulation.committedEvents() < goal + eventsPerSecond * elapsed) {
                    simulation.step();
                }
                TimeUnit.MILLISECONDS.sleep(BEAT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("the simulated world stopped after a failure", e);
        }
    }
}
