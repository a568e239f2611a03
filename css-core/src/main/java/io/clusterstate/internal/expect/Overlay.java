package io.clusterstate.internal.expect;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.SnapshotEditor;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Lays a ledger over a snapshot. The result shares all rows but the replaced ones.
 *
 * <p>Thread: one thread.
 */
final class Overlay {

    private final Snapshot base;
    private final Ledger ledger;
    private final SnapshotEditor editor;
    private boolean isEdited;

    private Overlay(Snapshot base, Ledger ledger) {
        this.base = base;
        this.ledger = ledger;
        this.editor = SnapshotEditor.of(base);
    }

    /** The snapshot with the expectations laid over it; the snapshot itself if they change nothing. */
    static Snapshot of(Snapshot base, Ledger ledger) {
        return new Overlay(base, ledger).laid();
    }

    private Snapshot laid() {
        ledger.launches().values().stream()
                .filter(launch -> !ledger.stops().containsKey(launch.arn()))
                .filter(this::isNews)
                .forEach(launch -> put(launch.row().at(base.revision())));
        ledger.stops().values().forEach(this::stop);
        Found found = Found.in(base, ledger);
        ByInstance open = ByInstance.of(ledger);
        ledger.watches().values().forEach(watch -> take(watch, open, found));
        return isEdited ? editor.toSnapshot(base.revision()) : base;
    }

    private void put(Observed<?> row) {
        editor.put(row);
        isEdited = true;
    }

    private boolean isNews(Launch launch) {
        return base.observed(EntityKind.TASK, launch.arn())
                .filter(shown -> shown.version() >= launch.row().version() || shown.hasEnded())
                .isEmpty();
    }

    private void stop(Stop stop) {
        Observed<Task> shown = shown(stop.arn());
        if (shown != null
                && !shown.hasEnded()
                && !"STOPPED".equals(shown.value().desiredStatus())) {
            put(shown.showing(shown.value().toBuilder().desiredStatus("STOPPED").build()));
        }
    }

    private @Nullable Observed<Task> shown(String arn) {
        Launch launch = ledger.launches().get(arn);
        return launch != null && isNews(launch)
                ? launch.row().at(base.revision())
                : base.observed(EntityKind.TASK, arn).orElse(null);
    }

    @SuppressWarnings("ReferenceEquality") // an instance without takers is shown as it is
    private void take(Watch watch, ByInstance open, Found found) {
        base.observed(EntityKind.INSTANCE, watch.arn()).ifPresent(row -> {
            ContainerInstance shown = new InstanceRoom(base, open, watch, row.value(), found).shown();
            if (shown != row.value()) {
                put(row.showing(shown));
            }
        });
    }
}
