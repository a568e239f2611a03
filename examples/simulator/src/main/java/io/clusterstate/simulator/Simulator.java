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
 * <p>A real {@code EcsClient} or the AWS CLI can use {@link #ecsEndpoint()}, a real {@code SqsClient}
 * {@link #sqsEndpoint()}; any credentials and signatures do. Every service has its own family of task definitions, and
 * seven families always exist. {@code web}, {@code worker}, {@code resolver} and {@code trainer} use the bridge network
 * on container instances. {@code api}, {@code batch} and {@code search} have their own network interface, on instances
 * or Fargate. Callers can register others.
 *
 * <p>The initial world has been running for some time, and no event shows it. Not promised: any order of events of
 * different entities beyond that in which they were made, and any real timing.
 *
 * <p>Life cycle: {@code build} makes the world, {@link #start} opens the endpoints, {@link #drive} or {@link #step}
 * change it, {@link #close} ends everything.
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
     * Makes a builder.
     *
     * @return a builder with all defaults
     */
    public static SimulatorBuilder builder() {
        return new SimulatorBuilder();
    }

    /**
     * Opens the endpoints, and sends the events of earlier steps. A second call has no effect. If a port is taken, this
     * throws the server's own exception, and the simulator is closed.
     *
     * @throws IllegalStateException if the simulator is closed
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
                "simulated ECS started: seed {}, ECS {}, SQS {}",
                config.seed(),
                ecs == null ? "left out" : ecs.endpoint(),
                queue == null ? "left out" : queue.endpoint());
    }

    /**
     * The address of the ECS API.
     *
     * @return the endpoint override for a client
     * @throws IllegalStateException if there is none: not started, left out, or closed
     */
    public synchronized URI ecsEndpoint() {
        return required(ecs, "ecsEndpoint").endpoint();
    }

    /**
     * The address of the SQS API.
     *
     * @return the endpoint override for a client
     * @throws IllegalStateException if there is none: not started, left out, or closed
     */
    public synchronized URI sqsEndpoint() {
        return required(queue, "sqsEndpoint").endpoint();
    }

    /**
     * The name of the queue that receives the events.
     *
     * @return the name, also before the start
     */
    public String queueName() {
        return config.queueName();
    }

    /**
     * The URL of the queue that receives the events.
     *
     * @return the URL, as GetQueueUrl answers it
     * @throws IllegalStateException if there is none: not started, left out, or closed
     */
    public synchronized String queueUrl() {
        return required(queue, "queueUrl").queueUrl();
    }

    /**
     * Generates random activity until {@link #pause}, at about the given rate of events. Each change makes a few events
     * over some time, so the rate is kept on average and not in every second.
     *
     * @param eventsPerSecond the rate; zero starts no change, and only lets tasks take the steps that are due
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

    /** Stops the activity. Tasks keep their statuses until the next {@link #drive}, {@link #step} or {@link #tick}. */
    public synchronized void pause() {
        if (loop != null) {
            loop.close();
            loop = null;
        }
    }

    /** Starts a single random change, and takes all steps of tasks that are due by the clock. */
    public void step() {
        simulation.step();
    }

    /** Takes all steps of tasks that are due by the clock, and starts no change. */
    public void tick() {
        simulation.tick();
    }

    /**
     * Stops the activity and puts all events of past changes into the queue, those that faults hold back included.
     * Afterwards the truth changes only by calls of the API, {@link #step}, {@link #tick} or {@link #drive}.
     *
     * @param limit the limit of the wait for the queue
     * @return the number of messages put into the queue since the beginning; 0 without a queue
     * @throws IllegalStateException if the simulator is not started, or if the limit passed first
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
     * The true state at this moment, whatever the faults show to callers.
     *
     * @return an immutable snapshot
     */
    public Truth truth() {
        return simulation.truth();
    }

    /**
     * The switches for faults.
     *
     * @return the switches of this simulator
     */
    public Faults faults() {
        return faults;
    }

    /**
     * The number of calls by ECS operation, failed calls and retries of an SDK client included.
     *
     * @return the counts by operation name; operations never called are absent
     */
    public Map<String, Long> calls() {
        return gate.calls();
    }

    /**
     * The number of calls answered with ThrottlingException for any fault, by ECS operation.
     *
     * @return the counts by operation name; operations never throttled are absent
     */
    public Map<String, Long> throttled() {
        return gate.throttled();
    }

    /**
     * Removes a task without an event, as if ECS had forgotten it. Its service starts a replacement.
     *
     * @param arn the task's ARN
     * @return whether there was such a task
     */
    public boolean vanishTask(String arn) {
        return simulation.vanishTask(arn);
    }

    /**
     * Removes a container instance and all its tasks without an event.
     *
     * @param arn the instance's ARN
     * @return whether there was such an instance
     */
    public boolean vanishInstance(String arn) {
        return simulation.vanishInstance(arn);
    }

    /**
     * Removes a service and those of its tasks that are not yet STOPPED, without an event.
     *
     * @param arn the service's ARN
     * @return whether there was such a service, of any status
     */
    public boolean vanishService(String arn) {
        return simulation.vanishService(arn);
    }

    /**
     * Removes a cluster and everything in it without an event.
     *
     * @param arn the cluster's ARN
     * @return whether there was such a cluster, of any status
     */
    public boolean vanishCluster(String arn) {
        return simulation.vanishCluster(arn);
    }

    /**
     * Changes the health that the API reports of a task. As in ECS there is no event, and the task's version stays.
     *
     * @param arn the task's ARN
     * @param health the health of the task and of each of its containers
     * @return whether there was such a task
     */
    public boolean reportHealth(String arn, HealthStatus health) {
        return simulation.reportHealth(arn, health);
    }

    /**
     * Changes the health that the API reports of a container, and that of its task, which follows its essential
     * containers. As in ECS there is no event, and the task's version stays.
     *
     * @param taskArn the task's ARN
     * @param container the container's name
     * @param health the container's health
     * @return whether there was such a task with such a container
     */
    public boolean reportHealth(String taskArn, String container, HealthStatus health) {
        return simulation.reportHealth(taskArn, container, health);
    }

    /**
     * Drains a container instance, as an operator or an Auto Scaling group does. The tasks of services leave it; others
     * stay. UpdateContainerInstancesState makes it ACTIVE again.
     *
     * @param arn the instance's ARN
     * @return whether there was such an instance that is not INACTIVE
     */
    public boolean drainInstance(String arn) {
        return simulation.drainInstance(arn);
    }

    /** Ends the activity, both endpoints and every thread, within a few seconds. A second call has no effect. */
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
                LOG.warn("simulator: a part did not close: {}", part, e);
            }
        }
    }

    private static <T> T required(@Nullable T part, String name) {
        if (part == null) {
            throw new IllegalStateException(name + ": none (expected: a started simulator with this part, not closed)");
        }
        return part;
    }
}
