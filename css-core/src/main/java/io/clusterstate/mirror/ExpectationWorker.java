package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Expectations;
import io.clusterstate.Origin;
import io.clusterstate.StoreView;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.DescribeAnswer.Found;
import io.clusterstate.internal.ecs.DescribeAnswers;
import io.clusterstate.internal.ecs.Inventory;
import io.clusterstate.internal.expect.Inquiry;
import io.clusterstate.internal.expect.Inquiry.StartedBy;
import io.clusterstate.internal.expect.OpenExpectations;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Asks ECS about expectations, and applies the answers to the store like those about hints: the expectations find them
 * in the view.
 */
final class ExpectationWorker {

    /** The time for which the loop waits for work before its next heartbeat. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** The failures in a row up to which the pause grows: an outcome is wanted within seconds of an outage's end. */
    private static final int PAUSE_GROWS_UNTIL = 4;

    private final ReconcileContext context;
    private final OpenExpectations open;
    private List<Loop> own = List.of();

    ExpectationWorker(StoreView view, ReconcileContext context) {
        this.context = context;
        this.open = new OpenExpectations(
                view, context.environment().clock(), context.environment().time()::nanos, view::moved, true);
    }

    Expectations open() {
        return open;
    }

    /** Makes the loop, at the first call. It starts with the mirror's other loops, or now if these run. */
    void begin(MirrorLoops loops) {
        if (!context.kinds().containsAll(List.of(EntityKind.TASK, EntityKind.INSTANCE))) {
            throw new IllegalStateException("expectations: the mirror follows " + context.kinds()
                    + " (expected: tasks and container instances among them)");
        }
        synchronized (loops) {
            if (own.isEmpty()) {
                own = List.of(new Loop("expectations", context.environment(), this::step, PAUSE_GROWS_UNTIL));
                if (loops.areRunning()) {
                    loops.start(own, List.of());
                }
            }
        }
    }

    /** The loop, if it was made. The caller holds the lock of the mirror's loops. */
    List<Loop> loops() {
        return own;
    }

    private Duration step(Heartbeat heartbeat) throws InterruptedException {
        askWhatIsDue(PATIENCE, heartbeat);
        return Duration.ZERO;
    }

    /** Asks ECS what is due within some time. A part that fails delays no other, and is due again. */
    @SuppressWarnings("IllegalCatch") // the last failure is thrown on
    void askWhatIsDue(Duration patience, Heartbeat heartbeat) throws InterruptedException {
        Optional<Inquiry> next = open.take(patience);
        heartbeat.beat();
        RuntimeException failure = null;
        for (Inquiry part : next.map(Inquiry::parts).orElse(List.of())) {
            try {
                ask(part, new Inventory(context.api(), new ApiCounters(), heartbeat));
                open.answered(part);
            } catch (RuntimeException e) {
                open.unanswered(part);
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void ask(Inquiry part, Inventory inventory) throws InterruptedException {
        try {
            for (StartedBy list : part.lists()) {
                List<String> arns = inventory.taskArnsStartedBy(list.cluster(), list.mark());
                apply(inventory.describe(EntityKind.TASK, list.cluster(), arns));
            }
            for (Map.Entry<String, List<String>> each : part.tasks().entrySet()) {
                apply(inventory.describe(EntityKind.TASK, each.getKey(), each.getValue()));
            }
            for (Map.Entry<String, List<String>> each : part.instances().entrySet()) {
                context.applyFound(
                        EntityKind.INSTANCE,
                        instance -> each.getKey(),
                        inventory.describe(EntityKind.INSTANCE, each.getKey(), each.getValue()),
                        Origin.DESCRIBE);
            }
        } catch (ClusterNotFoundException e) {
            // an answer: nothing of this cluster runs
        }
    }

    /** Applies described tasks, but not those of clusters that the mirror does not follow. */
    private void apply(DescribeAnswers<Task> answers) {
        DescribeAnswers<Task> followed = answers.where((arn, answer) -> !(answer instanceof Found<Task> found)
                || context.selection().includes(EntityKind.TASK, found.value().clusterArn()));
        context.applyFound(EntityKind.TASK, Task::clusterArn, followed, Origin.DESCRIBE);
    }
}
