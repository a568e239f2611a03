package io.clusterstate.simulator;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.HealthStatus;

/**
 * A simulated ECS with its event queue, in this JVM and on the loopback interface only.
 *
 * <p>A real {@code EcsClient} or the AWS CLI can be pointed at {@link #ecsEndpoint()}, a real {@code SqsClient} at
 * {@link #sqsEndpoint()}; any credentials and signatures do. Task definitions cannot be registered: every service has a
 * family of its own, and the families {@code web}, {@code worker}, {@code resolver}, {@code trainer} (bridge network,
 * on container instances) and {@code api}, {@code batch}, {@code search} (own network interface, on instances or
 * Fargate) always exist.
 *
 * <p>What is there at the beginning has been running for some time, and no event tells of it. Not promised: anything
 * about the order of events of different things beyond the order in which they were made, nor any real timing.
 *
 * <p>Life cycle: {@code build} makes the world, {@link #start} opens the endpoints, {@link #drive} or {@link #step}
 * make things happen, {@link #close} ends it all.
 *
 * <p>Thread: safe for any thread.
 */
public final class Simulator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Simulator.class);

    private final SimulatorConfig config;
    private final Faults faults;
    private final Simulation simulation;
    private final CallGate gate;
    private @Nullable EcsEndpoint ecs;
    private @Nullable QueueServer queue;
    private @Nullable EventSender sender;
    private @Nullable SimulationLoop loop;
    private boolean isStarted;
    private boolean isClosed;

    Simulator(SimulatorConfig config, Faults faults) {
        this.config = config;
        this.faults = faults;
        this.simulation = new Simulation(config, faults);
        this.gate = new CallGate(faults, config.clock(), new Randomness(~config.seed()));
    }

    /**
     * Begins to describe a simulator.
     *
     * @return a builder with all its defaults
     */
    public static SimulatorBuilder builder() {
        return new SimulatorBuilder();
    }

    /**
     * Opens the endpoints. Events of steps taken before are sent now. Does nothing when started already. If a port is
     * taken this fails with the server's own exception, and the simulator is closed.
     *
     * @throws IllegalStateException if it was closed
     */
    public synchronized void start() {
        if (isClosed) {
            throw new IllegalStateException("simulator: closed (expected: open)");
        }
        if (isStarted) {
            return;
        }
        isStarted = true;
        try {
            openEndpoints();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        LOG.info(
                "Simulated ECS started with seed {}: ECS {}, SQS {}",
                config.seed(),
                ecs == null ? "left out" : ecs.endpoint(),
                queue == null ? "left out" : queue.endpoint());
    }

    /**
     * Where the ECS API is.
     *
     * @return the address to give to a client as its endpoint override
     * @throws IllegalStateException if there is none: not started, left out, or closed
     */
    public synchronized URI ecsEndpoint() {
        return required(ecs, "ecsEndpoint").endpoint();
    }

    /**
     * Where the SQS API is.
     *
     * @return the address to give to a client as its endpoint override
     * @throws IllegalStateException if there is none: not started, left out, or closed
     */
    public synchronized URI sqsEndpoint() {
        return required(queue, "sqsEndpoint").endpoint();
    }

    /**
     * The name of the queue into which events go.
     *
     * @return the name, known from the beginning
     */
    public String queueName() {
        return config.queueName();
    }

    /**
     * The URL of the queue into which events go.
     *
     * @return the URL, as GetQueueUrl answers it
     * @throws IllegalStateException if there is none: not started, left out, or closed
     */
    public synchronized String queueUrl() {
        return required(queue, "queueUrl").queueUrl();
    }

    /**
     * Lets things happen by themselves until {@link #pause}, so often that about so many events are made each second.
     * Each thing makes a handful of events over a while, so a rate is kept on average, not in every second.
     *
     * @param eventsPerSecond the rate; zero only lets tasks take the steps that are due
     */
    public synchronized void drive(double eventsPerSecond) {
        if (!(eventsPerSecond >= 0)) {
            throw new IllegalArgumentException("eventsPerSecond: " + eventsPerSecond + " (expected: zero or more)");
        }
        if (isClosed) {
            throw new IllegalStateException("simulator: closed (expected: open)");
        }
        pause();
        var next = new SimulationLoop(simulation, eventsPerSecond);
        loop = next;
        next.start();
    }

    /** Stops driving. Tasks stay where they are on their ladders until it is driven or stepped again. */
    public synchronized void pause() {
        if (loop != null) {
            loop.close();
            loop = null;
        }
    }

    /** Makes one thing happen somewhere, and all steps of tasks that are due by the clock. */
    public void step() {
        simulation.step();
    }

    /** Lets tasks take the steps that are due by the clock, and nothing else. */
    public void tick() {
        simulation.tick();
    }

    /**
     * Stops driving and brings all events into the queue that will ever be sent of what has happened so far: those that
     * faults hold back as well. Afterwards the truth changes only if somebody calls the API, steps or drives.
     *
     * @param limit how long to wait for the queue to take them
     * @return how many messages were put into the queue since the beginning; 0 if it has no queue
     * @throws IllegalStateException if it is not started, or if the limit passed first
     */
    public long settle(Duration limit) {
        pause();
        if (!config.withSqs()) {
            return 0;
        }
        synchronized (this) {
            required(queue, "settle");
        }
        try {
            if (!simulation.outbox().flush(limit)) {
                throw new IllegalStateException(
                        "settle: " + simulation.outbox().counts() + " (expected: all sent within " + limit + ")");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("settle: interrupted", e);
        }
        return simulation.outbox().counts().sent();
    }

    /**
     * What is really so at this moment, whatever the faults make of it.
     *
     * @return an immutable snapshot
     */
    public Truth truth() {
        return simulation.truth();
    }

    /**
     * The switches for disasters.
     *
     * @return the one set of switches of this simulator
     */
    public Faults faults() {
        return faults;
    }

    /**
     * How often each ECS operation was called, failed calls and an SDK client's retries included.
     *
     * @return a count by operation name; operations never called are absent
     */
    public Map<String, Long> calls() {
        return gate.calls();
    }

    /**
     * How many calls of each ECS operation were answered with ThrottlingException, for whatever fault.
     *
     * @return a count by operation name; operations never throttled are absent
     */
    public Map<String, Long> throttled() {
        return gate.throttled();
    }

    /**
     * Takes a task out of the world without an event, as if ECS had forgotten it; its service starts another one.
     *
     * @param arn the task's ARN
     * @return whether there was such a task
     */
    public boolean vanishTask(String arn) {
        return simulation.vanishTask(arn);
    }

    /**
     * Takes a container instance and all its tasks out of the world without an event.
     *
     * @param arn the instance's ARN
     * @return whether there was such an instance
     */
    public boolean vanishInstance(String arn) {
        return simulation.vanishInstance(arn);
    }

    /**
     * Takes a service and those of its tasks that are not yet STOPPED out of the world without an event.
     *
     * @param arn the service's ARN
     * @return whether there was such a service, of any status
     */
    public boolean vanishService(String arn) {
        return simulation.vanishService(arn);
    }

    /**
     * Takes a cluster and all that is in it out of the world without an event.
     *
     * @param arn the cluster's ARN
     * @return whether there was such a cluster, of any status
     */
    public boolean vanishCluster(String arn) {
        return simulation.vanishCluster(arn);
    }

    /**
     * Changes what the API says of a task's health. As in ECS no event tells of it and the task's version stays.
     *
     * @param arn the task's ARN
     * @param health the health of the task and of each of its containers
     * @return whether there was such a task
     */
    public boolean reportHealth(String arn, HealthStatus health) {
        return simulation.reportHealth(arn, health);
    }

    /** Ends driving, both endpoints and every thread, within some seconds. Does nothing when closed already. */
    @Override
    public void close() {
        pause();
        synchronized (this) {
            isClosed = true;
            faults.sqsDoor(open -> {});
            closeAll(sender, ecs, queue);
            sender = null;
            ecs = null;
            queue = null;
        }
    }

    private void openEndpoints() {
        if (config.withSqs()) {
            openQueue();
        }
        if (config.withEcs()) {
            ecs = new EcsEndpoint(new EcsApi(simulation), gate, config.clock(), config.ecsPort());
        }
    }

    private void openQueue() {
        var server = new QueueServer(config.queueName(), new Arns(config.region(), config.account()), config.sqsPort());
        queue = server;
        server.open();
        faults.sqsDoor(open -> {
            if (open) {
                server.open();
            } else {
                server.shut();
            }
        });
        if (faults.sqsIsOut()) {
            server.shut();
        }
        sender = new EventSender(simulation.outbox(), new EventJson(), server);
        sender.start();
    }

    private static void closeAll(@Nullable AutoCloseable... parts) {
        for (var part : parts) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                LOG.warn("A part of the simulator did not close: {}", part, e);
            }
        }
    }

    private static <T> T required(@Nullable T part, String name) {
        if (part == null) {
            throw new IllegalStateException(name + ": none (expected: started, with this part, and not closed)");
        }
        return part;
    }
}
