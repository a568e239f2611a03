package io.clusterstate.examples.daemonscheduler;

import static java.util.Comparator.comparing;

import io.clusterstate.Expectations;
import io.clusterstate.Requirement;
import io.clusterstate.Reservation;
import io.clusterstate.ecs.EcsArn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Starts the daemon's tasks. Each request may be repeated, or reach ECS late from a process that leads no more, and
 * starts no second task; see {@link Daemon#request}.
 *
 * <p>Thread: one thread at a time. Blocks: while ECS answers.
 */
final class Starts {

    private static final Logger LOG = LoggerFactory.getLogger(Starts.class);

    private final Daemon daemon;
    private final EcsClient ecs;
    private final Expectations mine;
    private final Pace pace;
    private final Pauses pauses;
    private final InstantSource clock;
    /** The room for starts that have no answer yet, by instance. */
    private final Map<String, Reservation> unanswered = new HashMap<>();

    private @Nullable List<Requirement> needs;

    /**
     * The times of a scheduler.
     *
     * @param restartAfter the pause after the end of a task
     * @param settledAfter the age from which on every answer of ECS shows a task
     */
    record Pace(Duration restartAfter, Duration settledAfter) {}

    Starts(Daemon daemon, EcsClient ecs, Expectations mine, Pace pace, Pauses pauses, InstantSource clock) {
        this.daemon = daemon;
        this.ecs = ecs;
        this.mine = mine;
        this.pace = pace;
        this.pauses = pauses;
        this.clock = clock;
    }

    /** Forgets the starts whose task has shown, or whose instance takes none. */
    void forgetAllBut(List<ContainerInstance> vacant) {
        unanswered
                .keySet()
                .retainAll(vacant.stream()
                        .map(ContainerInstance::containerInstanceArn)
                        .toList());
    }

    /**
     * Starts a task on an instance that has none, if there is room.
     *
     * @param ended the earlier tasks on the instance
     */
    void start(ContainerInstance instance, List<Task> ended) {
        String arn = instance.containerInstanceArn();
        if (instance.ec2InstanceId() == null) {
            Instant again = pauses.begin(arn, instance.version());
            LOG.warn("{}: ec2InstanceId: null (expected: an id, to place a task by it); again at {}", arn, again);
            return;
        }
        Optional<Task> last = ended.stream().max(comparing(Task::createdAt));
        Instant due = last.map(Task::stoppedAt)
                .map(end -> end.plus(pace.restartAfter()))
                .orElse(Instant.MIN);
        boolean hasRoom = unanswered.containsKey(arn) || needs().stream().allMatch(need -> need.isMetBy(instance));
        if (hasRoom && !due.isAfter(clock.instant())) {
            String predecessor = last.map(task -> EcsArn.nameOf(task.taskArn())).orElse("");
            start(instance, daemon.request(instance, predecessor));
        }
    }

    private List<Requirement> needs() {
        List<Requirement> known = needs;
        if (known == null) {
            known = Requirement.of(
                    ecs.describeTaskDefinition(request -> request.taskDefinition(daemon.taskDefinition()))
                            .taskDefinition());
            needs = known;
        }
        return known;
    }

    private void start(ContainerInstance instance, RunTaskRequest request) {
        String arn = instance.containerInstanceArn();
        Reservation room = unanswered.computeIfAbsent(
                arn, key -> mine.reserve(key, needs()).startedBy(request.startedBy()));
        try {
            RunTaskResponse answer = run(instance, request);
            pauses.endForAll();
            room.launched(answer);
            unanswered.remove(arn);
            answer.tasks().forEach(task -> LOG.info("{}: on {}", task.taskArn(), arn));
            answer.failures()
                    .forEach(failure -> LOG.info(
                            "{}: {}; again at {}", arn, failure.reason(), pauses.begin(arn, instance.version())));
        } catch (SdkException e) {
            if (isRefusal(e)) {
                room.release();
                unanswered.remove(arn);
            } else {
                room.unknown(); // the next reconcile sends the same request
            }
            throw e;
        }
    }

    static boolean isRefusal(SdkException failure) {
        return failure instanceof AwsServiceException answer && answer.statusCode() < 500;
    }

    /**
     * Sends a request. If ECS has carried it out before, it answers the task of that time, however it has fared. A task
     * that has ended meanwhile, or that ECS has lost, is followed by the next one.
     */
    private RunTaskResponse run(ContainerInstance instance, RunTaskRequest request) {
        RunTaskResponse answer = ecs.runTask(request);
        Optional<Task> over = answer.tasks().stream().filter(this::hasEnded).findFirst();
        return over.isEmpty()
                ? answer
                : run(
                        instance,
                        daemon.request(instance, EcsArn.nameOf(over.get().taskArn())));
    }

    /** Whether ECS says so. Of a young task, an answer of ECS may not know yet. */
    private boolean hasEnded(Task task) {
        if (task.createdAt().isAfter(clock.instant().minus(pace.settledAfter()))) {
            return false;
        }
        DescribeTasksResponse answer =
                ecs.describeTasks(request -> request.cluster(daemon.cluster()).tasks(task.taskArn()));
        return answer.failures().stream().anyMatch(failure -> "MISSING".equals(failure.reason()))
                || answer.tasks().stream().anyMatch(found -> "STOPPED".equals(found.lastStatus()));
    }
}
