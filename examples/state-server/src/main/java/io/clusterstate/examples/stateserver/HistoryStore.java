package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.archive.Archive;
import io.clusterstate.archive.ArchiveStatus;
import io.clusterstate.archive.FileArchive;
import io.clusterstate.archive.ViewArchive;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The history of a place. Each of several places records into a directory of its own, by its name.
 *
 * @param archive an archive on disk, or what the view holds
 * @param files the archive on disk, if there is one
 */
record HistoryStore(Archive archive, Optional<FileArchive> files) implements AutoCloseable {

    /** Opens the archive that the options name, and begins to record the view; without a name, the view suffices. */
    static HistoryStore open(Options options, String place, ClusterStateView view) {
        if (options.archive == null) {
            return new HistoryStore(ViewArchive.of(view), Optional.empty());
        }
        Path directory = options.archive.resolve(place);
        try {
            var bounds = new FileArchive.Options(options.archiveSize, options.archiveAge);
            FileArchive files = FileArchive.open(directory, bounds).follow(view);
            return new HistoryStore(files, Optional.of(files));
        } catch (IOException e) {
            throw new UncheckedIOException("--archive: " + directory + " cannot be read and written", e);
        }
    }

    /** The word for clients. */
    String source() {
        return files.isPresent() ? "archive" : "view";
    }

    /** Whether records wait for the disk, so that queries lack them. */
    boolean isBehind() {
        return files.filter(each -> each.status().waiting() > 0).isPresent();
    }

    /** Writes the status of an archive on disk. */
    void writeStatus(Fields fields) throws IOException {
        fields.object("archive", files.map(FileArchive::status).orElse(null), HistoryStore::write);
    }

    private static void write(Fields fields, ArchiveStatus status) throws IOException {
        fields.number("tasks", status.tasks())
                .number("bytes", status.bytes())
                .number("files", status.segments())
                .number("waiting", status.waiting())
                .number("lost", status.lost())
                .number("gaps", status.gaps())
                .number("failures", status.failures())
                .text("problem", status.problem().orElse(null));
    }

    void bindTo(MeterRegistry registry, Tags tags) {
        files.ifPresent(each -> {
            bindGauges(each, registry, tags);
            bindCounters(each, registry, tags);
        });
    }

    private static void bindGauges(FileArchive files, MeterRegistry registry, Tags tags) {
        Gauge.builder("css.archive.tasks", files, each -> each.status().tasks())
                .description("Ended tasks in the archive")
                .tags(tags)
                .register(registry);
        Gauge.builder("css.archive.size", files, each -> each.status().bytes())
                .description("Size of the archive's files")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
        Gauge.builder("css.archive.waiting", files, each -> each.status().waiting())
                .description("Records that could not be written yet")
                .tags(tags)
                .register(registry);
    }

    private static void bindCounters(FileArchive files, MeterRegistry registry, Tags tags) {
        FunctionCounter.builder("css.archive.lost", files, each -> each.status().lost())
                .description("Records that were given up, since too many waited")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("css.archive.gaps", files, each -> each.status().gaps())
                .description("Times at which changes may be missing")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "css.archive.failures", files, each -> each.status().failures())
                .description("Failed writes")
                .tags(tags)
                .register(registry);
    }

    @Override
    public void close() {
        archive.close();
    }
}
