package io.clusterstate.archive;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeSnapshot;
import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.NotReadyException;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.Subscription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The history that a view still holds: its ended tasks, and the changes since the archive began to follow it. It writes
 * nothing. A task is gone from it once the view removes the task.
 *
 * <p>Cost: a change costs an update of the index. A query takes in the changes that the view has and the index lacks,
 * so that it never answers from before the view's snapshot.
 *
 * <p>Memory: some 250 bytes for each ended task, 700 for each different end, and the last 50 steps of the 20,000
 * entities that changed last.
 *
 * <p>Thread: safe for any thread. Queries throw {@link NotReadyException} as the view does.
 */
public final class ViewArchive implements Archive {

    private final ClusterStateView view;
    private final Catalogue catalogue = new Catalogue();
    private final StepsSeen seen = new StepsSeen();
    private final Subscription subscription;
    /** The snapshots that the index shows, by member; a view without members has one, under an empty name. */
    private final Map<String, Snapshot> shown = new HashMap<>();

    private ViewArchive(ClusterStateView view) {
        this.view = view;
        this.subscription = view.subscribe(ChangeListener.builder()
                .named("history")
                .onBatch(this::note)
                .onServiceNotice(seen::note)
                .build());
    }

    /**
     * Begins to follow a view, which need not be ready.
     *
     * @param view the view
     * @return the archive
     * @throws NotReadyException if the view's mirror was closed
     */
    public static ViewArchive of(ClusterStateView view) {
        return new ViewArchive(view);
    }

    private void note(ChangeBatch batch) {
        if (batch.type() != ChangeBatch.Type.INITIAL) {
            seen.note(batch);
        }
        catchUp(batch.member().orElse(""), batch.snapshot());
    }

    /** The snapshots of the members of a composite view, or that of a view without members, under an empty name. */
    static Map<String, Snapshot> snapshots(Snapshot now) {
        return now instanceof CompositeSnapshot composite ? composite.members() : Map.of("", now);
    }

    /** Takes in the difference between the index and a snapshot, if that is newer. */
    private synchronized void catchUp(String member, Snapshot now) {
        Snapshot before = shown.get(member);
        if (before == null) {
            now.tasks().observed().filter(Observed::hasEnded).forEach(this::put);
        } else if (now.revision() > before.revision()) {
            now.since(before).of(EntityKind.TASK).forEach(this::take);
        } else {
            return;
        }
        shown.put(member, now);
    }

    private void take(EntityChange<Task> change) {
        Observed<Task> after = change.after();
        if (after != null && after.hasEnded()) {
            put(after);
        } else {
            catalogue.remove(change.arn());
        }
    }

    private void put(Observed<Task> ended) {
        catalogue.put(Profiles.of(ended), ended.arn(), EndedTask.endOf(ended), 0);
    }

    @Override
    public EndedTaskQuery tasks() {
        return new EndedTaskQuery(new Held(), TaskFilter.ALL);
    }

    private final class Held implements RecordSource {

        @Override
        public Catalogue catalogue() {
            snapshots(view.snapshot()).forEach(ViewArchive.this::catchUp);
            return catalogue;
        }

        @Override
        public List<EndedTask> load(List<Catalogue.Entry> entries) {
            Collection<Snapshot> now = snapshots(view.snapshot()).values();
            List<EndedTask> tasks = new ArrayList<>(entries.size());
            for (Catalogue.Entry entry : entries) {
                now.stream()
                        .flatMap(each -> load(entry.arn(), each).stream())
                        .findFirst()
                        .ifPresent(tasks::add);
            }
            return tasks;
        }

        private Optional<EndedTask> load(String arn, Snapshot now) {
            return now.observed(EntityKind.TASK, arn).map(observed -> EndedTask.of(observed, now, seen.of(arn)));
        }
    }

    @Override
    public List<HistoryStep> why(String arn) {
        Timeline timeline = new Timeline();
        snapshots(view.snapshot()).values().forEach(each -> timeline.addOwn(each, arn));
        return timeline.add(seen.of(arn)).oldestFirst();
    }

    @Override
    public void close() {
        subscription.cancel();
    }
}
