package io.clusterstate.examples.quickstart;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.clusterstate.Freshness;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.Capacity;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.mirror.MirrorStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * A view at some moment, as a table or as a line.
 *
 * @param now the moment, by the clock of the mirror's host
 * @param snapshot the state of the clusters
 * @param status the status of the mirror
 * @param changes the last changes, newest first
 */
record ViewSummary(Instant now, Snapshot snapshot, MirrorStatus status, List<String> changes) {

    /** A row of the table. */
    private record Row(String cluster, Snapshot state, String arn) {

        int tasks(String status) {
            return state.tasks().in(arn).status(status).count();
        }

        int starting() {
            return tasks("PROVISIONING") + tasks("PENDING") + tasks("ACTIVATING");
        }

        int stopping() {
            return tasks("DEACTIVATING") + tasks("STOPPING") + tasks("DEPROVISIONING");
        }

        int active() {
            return state.instances().in(arn).status("ACTIVE").count();
        }

        String free(Function<Capacity, Integer> resource) {
            List<ContainerInstance> instances =
                    state.instances().in(arn).status("ACTIVE").list();
            long free = sum(instances, Capacity::remaining, resource);
            long registered = sum(instances, Capacity::registered, resource);
            return registered == 0 ? "-" : "%d%%".formatted(100 * free / registered);
        }

        private static long sum(
                List<ContainerInstance> instances,
                Function<ContainerInstance, Capacity> which,
                Function<Capacity, Integer> resource) {
            return instances.stream().map(which).mapToLong(resource::apply).sum();
        }
    }

    /** The table, the line and the last changes, for a terminal of 80 columns. The shares are those that are free. */
    String table() {
        List<Row> rows = snapshot.clusters().stream()
                .map(Cluster::clusterArn)
                .sorted()
                .map(arn -> new Row(EcsArn.nameOf(arn), snapshot, arn))
                .toList();
        String table = AsciiTable.getTable(
                AsciiTable.NO_BORDERS,
                rows,
                List.of(
                        column("cluster", HorizontalAlign.LEFT, Row::cluster),
                        number(
                                "services",
                                row -> snapshot.services().in(row.arn()).count()),
                        number("start", Row::starting),
                        number("running", row -> row.tasks("RUNNING")),
                        number("stop", Row::stopping),
                        number("ended", row -> row.tasks("STOPPED")),
                        number("hosts", Row::active),
                        column("cpu free", HorizontalAlign.RIGHT, row -> row.free(Capacity::cpu)),
                        column("mem free", HorizontalAlign.RIGHT, row -> row.free(Capacity::memory))));
        String recent = changes.stream().map(change -> "  " + change).collect(Collectors.joining("\n"));
        return table + "\n" + totals() + "\n\nlast changes\n" + recent + "\n";
    }

    /** The totals and the freshness, in a line. */
    String line() {
        return totals().replace(System.lineSeparator(), "  ");
    }

    /** The totals and the freshness, in two lines. */
    private String totals() {
        Freshness freshness = status.freshness();
        String lag = freshness.eventLag().map(each -> each.toMillis() + " ms").orElse("none yet");
        String fresh = freshness
                .freshUpTo()
                .map(upTo -> seconds(Duration.between(upTo, now)) + " ago")
                .orElse("unknown");
        return "tasks=%d running=%d instances=%d services=%d revision=%d%ndeliveries=%d  event lag %s  confirmed %s"
                .formatted(
                        snapshot.tasks().count(),
                        snapshot.tasks().status("RUNNING").count(),
                        snapshot.instances().count(),
                        snapshot.services().count(),
                        snapshot.revision(),
                        deliveries(),
                        lag,
                        fresh);
    }

    /** The number of deliveries that the mirror has processed. */
    long deliveries() {
        return status.deliveries().values().stream().mapToLong(Long::longValue).sum();
    }

    private static com.github.freva.asciitable.ColumnData<Row> number(String name, Function<Row, Integer> count) {
        return column(name, HorizontalAlign.RIGHT, row -> "%,d".formatted(count.apply(row)));
    }

    private static com.github.freva.asciitable.ColumnData<Row> column(
            String name, HorizontalAlign align, Function<Row, String> text) {
        return new Column()
                .header(name)
                .maxWidth(16)
                .dataAlign(align)
                .headerAlign(align)
                .with(row -> text.apply(row));
    }

    private static String seconds(Duration duration) {
        String minutes = duration.toMinutes() == 0 ? "" : duration.toMinutes() + " min ";
        return minutes + duration.toSecondsPart() + " s";
    }
}
