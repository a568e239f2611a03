package io.clusterstate.archive;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeCause;
import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Removed;
import io.clusterstate.ServiceNotice;
import io.clusterstate.Snapshot;
import io.clusterstate.archive.HistoryStep.What;
import io.clusterstate.archive.RecordJson.GapLine;
import io.clusterstate.archive.RecordJson.StepLine;
import io.clusterstate.archive.RecordJson.TaskLine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Makes lines of the changes of a view: each ended task and each event of a service once, notices, and gaps.
 *
 * <p>Thread: one thread at a time.
 */
final class Recorder {

    /** The time for which ECS describes a stopped task. Source: the ECS API reference, {@code DescribeTasks}. */
    private static final Duration DESCRIBED_FOR = Duration.ofHours(1);

    private final Ledger ledger;
    private final StepsSeen seen;
    private final Duration keepFor;
    private final InstantSource clock;

    Recorder(Ledger ledger, StepsSeen seen, Duration keepFor, InstantSource clock) {
        this.ledger = ledger;
        this.seen = seen;
        this.keepFor = keepFor;
        this.clock = clock;
    }

    void record(ChangeBatch batch) {
        if (batch.type() == ChangeBatch.Type.INITIAL) {
            noteTimeBefore();
        } else {
            seen.note(batch);
        }
        if (batch.type() == ChangeBatch.Type.RESET) {
            String member = batch.member().map(name -> " of " + name).orElse("");
            gap("the changes" + member + " between the revisions " + batch.since() + " and " + batch.revision()
                    + " were not seen");
        }
        batch.of(EntityKind.TASK).forEach(change -> record(change, batch.snapshot()));
        batch.of(EntityKind.SERVICE).forEach(this::recordEvents);
        ledger.settle();
    }

    void record(ServiceNotice notice) {
        seen.note(notice);
        ledger.append(new StepLine(notice.serviceArn(), null, StepReader.stepOf(notice)));
        ledger.settle();
    }

    /** Notes a gap if nobody may have recorded tasks for longer than ECS describes them. */
    private void noteTimeBefore() {
        Instant now = clock.instant();
        ledger.lastAt()
                .filter(last -> last.isBefore(now.minus(DESCRIBED_FOR)))
                .ifPresent(last -> gap("nothing was recorded since " + last));
    }

    private void gap(String text) {
        ledger.append(new GapLine(clock.instant(), text));
    }

    private void record(EntityChange<Task> change, Snapshot after) {
        String arn = change.arn();
        boolean isEnd = change.isRemoval()
                ? change.cause() != ChangeCause.FILTER
                : change.latest().hasEnded();
        if (!isEnd) {
            return;
        }
        EndedTask task = EndedTask.of(change.latest(), after, seen.of(arn));
        if (!change.latest().hasEnded()) {
            task = task.endingAt(after.removed(arn).map(Removed::at).orElseGet(clock::instant));
        }
        if (!ledger.hasTask(arn) && !task.endedAt().isBefore(clock.instant().minus(keepFor))) {
            ledger.append(new TaskLine(task));
        }
        seen.forget(arn);
    }

    private void recordEvents(EntityChange<Service> change) {
        Observed<Service> after = change.after();
        if (after == null) {
            return;
        }
        List<ServiceEvent> events = after.value().events();
        for (int i = events.size() - 1; i >= 0; i--) { // ECS reports the newest first
            record(after.arn(), events.get(i));
        }
    }

    private void record(String arn, ServiceEvent event) {
        String id = event.id();
        Instant at = event.createdAt();
        String text = event.message();
        boolean isKept = at != null && !at.isBefore(clock.instant().minus(keepFor));
        if (id != null && text != null && isKept && !ledger.hasEvent(arn, id)) {
            ledger.append(new StepLine(arn, id, new HistoryStep(at, What.EVENT, text, null, 0)));
        }
    }
}
