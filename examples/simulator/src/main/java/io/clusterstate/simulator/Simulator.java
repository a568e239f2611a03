package io.clusterstate.simulator;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A simulated ECS with its event queue, in this JVM and on the loopback interface only.
 *
 * <p>{@link #ecsClient()} and {@link #sqsClient()} are real clients of it. Other clients and the AWS CLI can use
 * {@link #ecsEndpoint()} and {@link #sqsEndpoint()}; any credentials and signatures do. Every service has its own
 * family of task definitions, and seven families always exist. {@code web}, {@code worker}, {@code resolver} and
 * {@code trainer} use the bridge network on container instances. {@code api}, {@code batch} and {@code search} have
 * their own network interface, on instances or Fargate. Callers can register others.
 *
 * <p>The initial world has been running for some time, and no event shows it. Not promised: any order of events of
 * different entities beyond that in which they were made, and any real timing.
 *
 * <p>Life cycle: {@code build} makes the world, {@link #start} opens the endpoints, {@link #drive}, or {@link #step}
 * and {@link #advance}, change it, {@link #close} ends everything.
 *
 * <p>Thread: safe for any thread.
 */
public final class Simulator implements AutoCloseable {
    private static final Duration LIMIT_OF_ADVANCE = Duration.ofSeconds(30);
    /** Far more than a test needs, and far less than overflows. */
    private static final Duration LONGEST_ADVANCE = Duration.ofDays(3650);

    private final SimulatorConfig config;
    private final Faults faults;
    private final Simulation simulation;
    private final CallGate gate;
    private final Endpoints endpoints;
    private @Nullable SimulationLoop loop;
    private boolean isStarted;
    private boolean isClosed;

    Simulator(SimulatorConfig config, Faults faults) {
        this.config = config;
        this.faults = faults;
        this.simulation = new Simulation(config, faults);
        this.gate = new CallGate(faults, config.clock(), new Randomness(~config.seed()));
        this.endpoints = new Endpoints(config, simulation);
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
            endpoints.open(gate);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * The address of the ECS API.
     *
     * @return the endpoint override for a client
     * @throws IllegalStateException if there is none: not started, left out, or closed
     */
    public synchronized URI ecsEndpoint() {
        return endpoints.ecs();
    }

    /**
     * The address of the SQS API.
     *
     * @return the endpoint override for a client
     * @throws IllegalStateException if there is none: not started, left out, or closed
     */
    public synchronized URI sqsEndpoint() {
        return endpoints.queue("sqsEndpoint").endpoint();
    }

    /**
     * A client of the ECS API here. It makes no retries, so that each planned fault reaches its caller. A client of the
     * test's own uses {@link #ecsEndpoint()}, the Region of this simulator and any credentials.
     *
     * @return a client, always the same, that {@link #close} closes
     * @throws IllegalStateException if there is no endpoint: not started, left out, or closed
     */
    public synchronized EcsClient ecsClient() {
        return endpoints.ecsClient();
    }

    /**
     * A client of the queue's server. It makes no retries.
     *
     * @return a client, always the same, that {@link #close} closes
     * @throws IllegalStateException if there is no endpoint: not started, left out, or closed
     */
    public synchronized SqsClient sqsClient() {
        return endpoints.sqsClient();
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
        return endpoints.queue("queueUrl").queueUrl();
    }

    /**
     * The clock of the simulation, for code under test that has to see the same time.
     *
     * @return the clock of the builder
     */
    public InstantSource clock() {
        return config.clock();
    }

    /**
     * Lets a time pass at once. Each task takes each step that becomes due, at its own moment. With a queue that is
     * started, this also waits until the queue has every event that is due; events that faults hold back for longer
     * come with a later call.
     *
     * <p>Blocks: for about as long as its events take, some 20,000 a second; usually milliseconds. The wait for the
     * queue ends after 30 seconds. A service whose tasks keep failing makes an event a few times in each simulated
     * second.
     *
     * @param time zero or more, up to 3,650 days
     * @throws IllegalStateException if the clock is not a {@link SimulatorBuilder#standingClock}, or if the queue takes
     *     no events
     */
    public void advance(Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST_ADVANCE) > 0) {
            throw new IllegalArgumentException("time: " + time + " (expected: zero or more, up to 3650 days)");
        }
        if (!(config.clock() instanceof StandingClock clock)) {
            throw new IllegalStateException("advance: the clock runs by itself (expected: a builder's standingClock)");
        }
        simulation.advance(clock, time);
        if (hasQueue()) {
            await("advance", LIMIT_OF_ADVANCE, limit -> simulation.outbox().sendDue(limit));
        }
    }

    /**
     * Generates random activity until {@link #pause}, at about the given rate of events. Each change makes a few events
     * over some time, so the rate is kept on average and not in every second.
     *
     * @param eventsPerSecond the rate; zero starts no change, and only lets tasks take the steps that are due
     * @throws IllegalStateException if the clock is a {@link SimulatorBuilder#standingClock}, or if this is closed
     */
    public synchronized void drive(double eventsPerSecond) {
        if (!(eventsPerSecond >= 0)) {
            throw new IllegalArgumentException("eventsPerSecond: " + eventsPerSecond + " (expected: zero or more)");
        }
        if (isClosed) {
            throw new IllegalStateException("simulator: closed (expected: open)");
        }
        if (config.clock() instanceof StandingClock) {
            throw new IllegalStateException("drive: the clock stands (expected: step and advance, or another clock)");
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
            endpoints.queue("settle");
        }
        await("settle", limit, simulation.outbox()::flush);
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
            endpoints.close();
        }
    }

    private synchronized boolean hasQueue() {
        return isStarted && !isClosed && config.withSqs();
    }

    private void await(String name, Duration limit, QueueWait wait) {
        try {
            if (!wait.endsWithin(limit)) {
                throw new IllegalStateException(
                        name + ": " + simulation.outbox().counts() + " (expected: all sent within " + limit + ")");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + ": interrupted", e);
        }
    }

    /** A wait for the queue; false if the limit came first. */
    private interface QueueWait {
        boolean endsWithin(Duration limit) throws InterruptedException;
    }
}
