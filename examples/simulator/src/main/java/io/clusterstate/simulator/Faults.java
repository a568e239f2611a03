package io.clusterstate.simulator;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;

/**
 * The switches by which a test makes the simulated ECS misbehave, with immediate effect. A name that is no operation of
 * ECS, a bare id in place of an ARN, and a number of times below 1 are refused with an IllegalArgumentException.
 *
 * <p>Thread: safe for any thread. Blocks: only {@link #sqsOutage}, for up to a few seconds.
 */
public final class Faults {
    private static final Set<String> LISTS =
            Set.of("ListClusters", "ListContainerInstances", "ListServices", "ListTasks");
    private static final Set<String> IN_NO_CLUSTER = Set.of(
            "ListClusters",
            "DescribeClusters",
            "CreateCluster",
            "ListTaskDefinitions",
            "DescribeTaskDefinition",
            "RegisterTaskDefinition",
            "DeregisterTaskDefinition",
            "DescribeServiceDeployments");

    private final Map<String, Planned> planned = new HashMap<>();
    private final Map<String, Integer> empties = new HashMap<>();
    private final Map<String, Integer> lostCalls = new HashMap<>();
    private final Map<String, Integer> lostAnswers = new HashMap<>();
    private final Map<String, String> failing = new ConcurrentHashMap<>();
    private final Map<String, String> failingStarts = new ConcurrentHashMap<>();
    private final Map<String, String> refused = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> failingIn = new ConcurrentHashMap<>();
    private volatile Set<Fault> inUse;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean namesShort;
    private volatile boolean ecsIsOut;
    private volatile boolean sqsIsOut;
    private Consumer<Boolean> sqsDoor = open -> {};

    Faults(Set<Fault> inUse) {
        this.inUse = copyOf(inUse);
    }

    /**
     * Puts exactly these faults in use, and ends all others. Events that a fault already holds back stay held until
     * they are due or until {@link Simulator#settle}.
     *
     * @param faults the faults to be in use; empty for none
     */
    public void use(Set<Fault> faults) {
        inUse = copyOf(faults);
    }

    /**
     * The faults in use.
     *
     * @return an unmodifiable set
     */
    public Set<Fault> inUse() {
        return inUse;
    }

    /**
     * Lets the next calls of an operation fail with ServerException (HTTP 500).
     *
     * @param operation the operation's name, such as {@code ListTasks}
     * @param times the number of calls that fail, added to those planned before; retries of an SDK client are calls too
     */
    public void failNext(String operation, int times) {
        failNext(operation, times, "ServerException");
    }

    /**
     * Lets the next calls of an operation fail with an error of the caller's choice.
     *
     * @param operation the operation's name, such as {@code ListTasks}
     * @param times the number of calls that fail; replaces calls planned for this operation with another error
     * @param errorType the error's name, such as {@code AccessDeniedException} or {@code ThrottlingException};
     *     {@code ServerException} is answered with HTTP 500, all others with HTTP 400
     */
    public void failNext(String operation, int times, String errorType) {
        refuseNone(times);
        synchronized (planned) {
            planned.merge(known(operation), new Planned(errorType, times), Planned::and);
        }
    }

    /**
     * Lets the next calls of a List operation answer an empty page without a token, as if there were nothing to list. A
     * paging caller keeps the pages that it got before. Calls that fail for any reason do not count.
     *
     * @param operation {@code ListClusters}, {@code ListContainerInstances}, {@code ListServices} or {@code ListTasks}
     * @param times the number of calls with an empty page, added to those planned before
     */
    public void emptyNext(String operation, int times) {
        if (!LISTS.contains(operation)) {
            throw new IllegalArgumentException("operation: " + operation + " (expected: one of "
                    + LISTS.stream().sorted().toList() + ")");
        }
        plan(empties, operation, times);
    }

    /**
     * Lets the next calls of an operation have no effect and no answer: the connection breaks.
     *
     * @param operation the operation's name, such as {@code StartTask}
     * @param times the number of calls, added to those planned before; retries of an SDK client are calls too
     */
    public void loseCalls(String operation, int times) {
        plan(lostCalls, operation, times);
    }

    /**
     * Lets the next calls of an operation take effect, but lose their answer: the connection breaks afterwards. For the
     * caller it looks like {@link #loseCalls}.
     *
     * @param operation the operation's name, such as {@code StartTask}
     * @param times the number of calls, added to those planned before; retries of an SDK client are calls too
     */
    public void loseAnswers(String operation, int times) {
        plan(lostAnswers, operation, times);
    }

    private static void plan(Map<String, Integer> plans, String operation, int times) {
        refuseNone(times);
        synchronized (plans) {
            plans.merge(known(operation), times, Integer::sum);
        }
    }

    /**
     * Lets every Describe call fail whose list names this entity, by ARN or by id, until it is {@linkplain #forgive
     * forgiven}. Calls that name it only as the cluster of other entities do not fail.
     *
     * @param arn the ARN of a task, container instance, service or cluster, which need not exist
     * @param errorType the error's name, as for {@link #failNext(String, int, String)}; replaces one given before
     */
    public void failAbout(String arn, String errorType) {
        failing.put(checked(arn), errorType);
    }

    /**
     * Lets every Describe call report this entity, named by ARN or by id, among its failures, until it is
     * {@linkplain #forgive forgiven}. All other entities of the call are answered as usual.
     *
     * @param arn the ARN of a task, container instance, service or cluster, which need not exist
     * @param reason the failure's reason, such as {@code ACCESS_DENIED}; replaces one given before
     */
    public void refuseAbout(String arn, String reason) {
        refused.put(checked(arn), reason);
    }

    /**
     * Lets every call of an operation in this cluster fail until the cluster is {@linkplain #forgive forgiven}, like a
     * policy that allows the operation in some clusters only. Calls in other clusters, and other operations, are
     * answered as usual. For DescribeClusters use {@link #failAbout}.
     *
     * @param clusterArn the cluster's ARN, which need not exist; calls that use its name, or that mean {@code default}
     *     by naming no cluster, fail as well
     * @param operation the operation's name, such as {@code ListTasks}
     * @param errorType the error's name, such as {@code AccessDeniedException}; replaces one given before
     */
    public void failIn(String clusterArn, String operation, String errorType) {
        if (IN_NO_CLUSTER.contains(operation)) {
            throw new IllegalArgumentException(
                    "operation: " + operation + " (expected: an operation that works in a cluster)");
        }
        failingIn
                .computeIfAbsent(checked(clusterArn), it -> new ConcurrentHashMap<>())
                .put(known(operation), errorType);
    }

    /**
     * Lets new tasks of a task definition stop before they run, until the definition is {@linkplain #forgive forgiven}.
     * Each takes a second at least to fail. Tasks that run go on.
     *
     * @param taskDefinitionArn the ARN of a task definition, with its revision; it need not exist
     * @param reason the tasks' {@code stoppedReason}, such as {@code CannotPullContainerError: not found}; replaces one
     *     given before
     */
    public void failStarts(String taskDefinitionArn, String reason) {
        failingStarts.put(checked(taskDefinitionArn), reason);
    }

    /**
     * Lets the failures of Describe calls name tasks, container instances and services by ARNs of the old short form
     * ({@code …:task/ID} for {@code …:task/CLUSTER/ID}), whatever the call used. ECS has been seen to do so.
     *
     * @param on whether to use the short form from now on
     */
    public void shortFailureArns(boolean on) {
        namesShort = on;
    }

    /**
     * Undoes {@link #failAbout}, {@link #refuseAbout}, {@link #failIn} and {@link #failStarts} for an entity. It has no
     * effect on an entity without them.
     *
     * @param arn the ARN
     */
    public void forgive(String arn) {
        failingIn.remove(arn);
        failing.remove(arn);
        failingStarts.remove(arn);
        refused.remove(arn);
    }

    /**
     * Delays every answer of the ECS endpoint, also of calls that are under way.
     *
     * @param time the delay of each answer; zero ends the delay
     */
    public void delayResponses(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("delay: " + time + " (expected: zero or more)");
        }
        synchronized (this) {
            delay = time;
            notifyAll();
        }
    }

    /**
     * Takes the ECS endpoint out of service, or puts it back. During the outage every call gets HTTP 503.
     *
     * @param out whether it is out of service
     */
    public void ecsOutage(boolean out) {
        ecsIsOut = out;
    }

    /**
     * Takes the SQS endpoint out of service, or puts it back at the same port. During the outage the endpoint refuses
     * connections, and open ones are cut. Events go on arriving in the queue, since EventBridge keeps them until the
     * queue is back.
     *
     * @param out whether it is out of service
     */
    public void sqsOutage(boolean out) {
        Consumer<Boolean> door;
        synchronized (this) {
            sqsIsOut = out;
            door = sqsDoor;
        }
        door.accept(!out);
    }

    boolean has(Fault fault) {
        return inUse.contains(fault);
    }

    /** Waits until an answer may go out. A delay that is made shorter meanwhile ends earlier. */
    synchronized void sitOutDelay() throws InterruptedException {
        long begun = System.nanoTime();
        long left = delay.toNanos();
        while (left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = delay.toNanos() - (System.nanoTime() - begun);
        }
    }

    boolean ecsIsOut() {
        return ecsIsOut;
    }

    boolean sqsIsOut() {
        return sqsIsOut;
    }

    /** Sets the function that opens and closes the SQS endpoint. */
    synchronized void sqsDoor(Consumer<Boolean> door) {
        sqsDoor = door;
    }

    /** Uses up a planned failure of an operation, and returns the name of its error. */
    Optional<String> takePlanned(String operation) {
        synchronized (planned) {
            var config = Optional.ofNullable(planned.get(operation));
            config.ifPresent(it -> {
                if (it.times() == 1) {
                    planned.remove(operation);
                } else {
                    planned.put(operation, new Planned(it.errorType(), it.times() - 1));
                }
            });
            return config.map(Planned::errorType);
        }
    }

    /** Uses up a planned empty page of an operation; false if there is none. */
    boolean takeEmpty(String operation) {
        return take(empties, operation);
    }

    /** Uses up a planned loss of a call of an operation; false if there is none. */
    boolean takeLostCall(String operation) {
        return take(lostCalls, operation);
    }

    /** Uses up a planned loss of an answer of an operation; false if there is none. */
    boolean takeLostAnswer(String operation) {
        return take(lostAnswers, operation);
    }

    private static boolean take(Map<String, Integer> plans, String operation) {
        synchronized (plans) {
            boolean planned = plans.containsKey(operation);
            plans.computeIfPresent(operation, (name, left) -> left == 1 ? null : left - 1);
            return planned;
        }
    }

    /** The name of the error with which Describe calls about an entity fail. */
    Optional<String> failureAbout(String arn) {
        return Optional.ofNullable(failing.get(arn));
    }

    /** The reason with which new tasks of a definition fail to start; empty if they start. */
    Optional<String> startFailureOf(String taskDefinitionArn) {
        return Optional.ofNullable(failingStarts.get(taskDefinitionArn));
    }

    /** The name of the error with which an operation fails in a cluster. */
    Optional<String> failureIn(String clusterArn, String operation) {
        return Optional.ofNullable(failingIn.getOrDefault(clusterArn, Map.of()).get(operation));
    }

    boolean namesShort() {
        return namesShort;
    }

    /** The reason with which Describe calls report an entity among their failures. */
    Optional<String> refusalAbout(String arn) {
        return Optional.ofNullable(refused.get(arn));
    }

    /** Refuses a bare id, which would never match, since faults are kept by ARN. */
    private static String checked(String arn) {
        if (!arn.startsWith("arn:")) {
            throw new IllegalArgumentException("arn: " + arn + " (expected: an ARN)");
        }
        return arn;
    }

    /** Refuses a name that no call has, which would never match. */
    private static String known(String operation) {
        try {
            Class.forName(ListTasksRequest.class.getPackageName() + "." + operation + "Request");
            return operation;
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException(
                    "operation: " + operation + " (expected: an operation of ECS, such as ListTasks)", e);
        }
    }

    private static void refuseNone(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times: " + times + " (expected: at least 1)");
        }
    }

    private static Set<Fault> copyOf(Set<Fault> faults) {
        var copy = EnumSet.noneOf(Fault.class);
        copy.addAll(faults);
        return Collections.unmodifiableSet(copy);
    }

    private record Planned(String errorType, int times) {
        Planned and(Planned more) {
            return errorType.equals(more.errorType) ? new Planned(errorType, times + more.times) : more;
        }
    }
}
