package io.clusterstate.examples.daemonscheduler;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.clusterstate.Expectations;
import io.clusterstate.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Compares the view, with this process's own calls laid over it, with what a daemon is to have. Then it calls ECS for
 * the difference. It remembers nothing that matters: a process that starts anew goes on where another ended.
 *
 * <p>Thread: one thread at a time. Blocks: while ECS answers.
 */
final class DaemonReconciler {

    private static final Logger LOG = LoggerFactory.getLogger(DaemonReconciler.class);

    private final Daemon daemon;
    private final EcsClient ecs;
    private final Expectations mine;
    private final Starts starts;
    private final Pauses pauses;

    DaemonReconciler(Daemon daemon, EcsClient ecs, Expectations mine, Starts starts, Pauses pauses) {
        this.daemon = daemon;
        this.ecs = ecs;
        this.mine = mine;
        this.starts = starts;
        this.pauses = pauses;
    }

    /**
     * Starts what is missing at this moment, and stops what is too much.
     *
     * @param mayAct whether this process still leads; asked before each call
     */
    void reconcile(BooleanSupplier mayAct) {
        Snapshot now = mine.snapshot();
        Map<String, List<Task>> tasks = daemon.tasks(now).stream().collect(groupingBy(Task::containerInstanceArn));
        List<ContainerInstance> vacant = daemon.instances(now)
                .placeable()
                .where(instance -> live(tasks.getOrDefault(instance.containerInstanceArn(), List.of()))
                        .isEmpty())
                .list();
        starts.forgetAllBut(vacant);
        for (ContainerInstance instance : vacant) {
            List<Task> ended = tasks.getOrDefault(instance.containerInstanceArn(), List.of());
            attempt(mayAct, instance.containerInstanceArn(), instance.version(), () -> starts.start(instance, ended));
        }
        Set<String> served = daemon.instances(now).list().stream()
                .filter(instance -> !"DRAINING".equals(instance.status()))
                .map(ContainerInstance::containerInstanceArn)
                .collect(toSet());
        tasks.forEach((instanceArn, own) -> live(own).stream()
                .skip(served.contains(instanceArn) || now.instance(instanceArn).isEmpty() ? 1 : 0)
                .filter(task -> !"STOPPED".equals(task.desiredStatus()))
                .forEach(task -> attempt(mayAct, task.taskArn(), task.version(), () -> stop(task))));
    }

    /**
     * The tasks that hold resources, the newest first; ECS frees them when a task is STOPPED. The newest is the one to
     * keep: it was started because the others had ended, although the view may have missed that.
     */
    private static List<Task> live(List<Task> own) {
        return own.stream()
                .filter(task -> !"STOPPED".equals(task.lastStatus()))
                .sorted(comparing(Task::createdAt).reversed())
                .toList();
    }

    private void stop(Task task) {
        ecs.stopTask(request -> request.cluster(daemon.cluster())
                .task(task.taskArn())
                .reason("daemon " + daemon.name() + ": not wanted on this instance"));
        mine.stopping(task.taskArn());
        LOG.info("{}: stops", task.taskArn());
    }

    /** Makes a call, unless one about this instance or task failed a short time ago. */
    private void attempt(BooleanSupplier mayAct, String arn, @Nullable Long version, Runnable call) {
        if (pauses.areOver(arn, version) && mayAct.getAsBoolean()) {
            try {
                call.run();
            } catch (SdkException e) {
                if (concernsAll(e)) {
                    pauses.beginForAll();
                }
                LOG.info("{}: {}; again at {}", arn, e.getMessage(), pauses.begin(arn, version));
            }
        }
    }

    /** Whether ECS refuses the rights, the definition or the rate of calls, and not the values of this call. */
    private static boolean concernsAll(SdkException failure) {
        boolean isAboutValues = failure instanceof ConflictException || failure instanceof InvalidParameterException;
        return Starts.isRefusal(failure) && !isAboutValues;
    }
}
