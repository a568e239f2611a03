package io.clusterstate.archive;

import io.clusterstate.archive.RecordJson.GapLine;
import io.clusterstate.archive.RecordJson.Line;
import io.clusterstate.archive.RecordJson.StepLine;
import io.clusterstate.archive.RecordJson.TaskLine;
import io.clusterstate.internal.loop.FailureText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of an archive, and their index. A line that cannot be written waits, up to a number; the newest wait, and
 * the oldest are lost.
 *
 * <p>Thread: {@link #append}, {@link #settle} and {@link #close} by one thread at a time; the rest by any.
 */
final class Ledger implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int MOST_WAITING = 10_000;
    private static final long SYNC_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final Path directory;
    private final InstantSource clock;
    private final Segments segments;
    private final Catalogue catalogue = new Catalogue();
    private final Map<String, ServiceLines> services = new HashMap<>();
    private final Deque<Line> waiting = new ArrayDeque<>();
    private final Set<String> waitingKeys = new HashSet<>();
    private long syncedAt = System.nanoTime();
    private long lost;
    private long gaps;
    private long failures;
    private @Nullable String problem;
    private volatile ArchiveStatus status = new ArchiveStatus(0, 0, 0, 0, 0, 0, 0, 0, Optional.empty());

    /** The lines of a service. */
    private static final class ServiceLines {

        private final List<Long> places = new ArrayList<>();
        private final Map<String, Long> events = new HashMap<>();

        private void removeFile(long file) {
            places.removeIf(place -> Segments.fileOf(place) == file);
            events.values().removeIf(place -> Segments.fileOf(place) == file);
        }
    }

    Ledger(Path directory, long keepBytes, Duration keepFor, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
        this.segments = new Segments(directory, keepBytes, keepFor, this::forgetFile);
    }

    /** Reads the files. */
    void load() throws IOException {
        segments.load(clock.instant(), this::index);
        segments.deleteOld(clock.instant());
        report();
    }

    private void index(Line line, long place) {
        if (line instanceof TaskLine task) {
            catalogue.put(Profiles.of(task.task()), task.task().taskArn(), task.at(), place);
        } else if (line instanceof StepLine step) {
            synchronized (services) {
                ServiceLines own = services.computeIfAbsent(step.arn(), unknown -> new ServiceLines());
                own.places.add(place);
                if (step.id() != null) {
                    own.events.put(step.id(), place);
                }
            }
        }
    }

    private void forgetFile(long file) {
        catalogue.removeIf(place -> Segments.fileOf(place) == file);
        synchronized (services) {
            services.values().forEach(each -> each.removeFile(file));
            services.values().removeIf(each -> each.places.isEmpty());
        }
    }

    /** Whether the archive has a task, or waits to write it. */
    boolean hasTask(String arn) {
        return waitingKeys.contains(arn) || catalogue.has(arn);
    }

    /** Whether the archive has an event of a service, or waits to write it. */
    boolean hasEvent(String arn, String id) {
        if (waitingKeys.contains(id)) {
            return true;
        }
        synchronized (services) {
            ServiceLines own = services.get(arn);
            return own != null && own.events.containsKey(id);
        }
    }

    /** Writes a line, or keeps it for later. */
    void append(Line line) {
        gaps += line instanceof GapLine ? 1 : 0;
        if (waiting.isEmpty() && write(line)) {
            return;
        }
        waiting.addLast(line);
        keysOf(line).ifPresent(waitingKeys::add);
        if (waiting.size() > MOST_WAITING) {
            keysOf(waiting.removeFirst()).ifPresent(waitingKeys::remove);
            lost++;
        }
    }

    private static Optional<String> keysOf(Line line) {
        if (line instanceof TaskLine task) {
            return Optional.of(task.task().taskArn());
        }
        return line instanceof StepLine step ? Optional.ofNullable(step.id()) : Optional.empty();
    }

    /** Writes what waits, and hands it to the disk if that is due. */
    void settle() {
        while (!waiting.isEmpty() && write(waiting.getFirst())) {
            keysOf(waiting.removeFirst()).ifPresent(waitingKeys::remove);
        }
        try {
            segments.deleteOld(clock.instant());
            if (System.nanoTime() - syncedAt >= SYNC_EVERY) {
                syncedAt = System.nanoTime();
                segments.sync();
            }
        } catch (IOException e) {
            failed(e);
        }
        report();
    }

    private boolean write(Line line) {
        try {
            index(line, segments.append(RecordJson.write(line), line.at(), clock.instant()));
            succeeded();
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    private void succeeded() {
        if (problem != null) {
            LOG.info("archive {}: writes succeed again", directory);
            problem = null;
        }
    }

    private void failed(IOException failure) {
        failures++;
        if (problem == null) {
            LOG.warn("archive {}: a write failed; records wait until one succeeds", directory, failure);
        }
        problem = FailureText.of(failure);
    }

    private void report() {
        status = new ArchiveStatus(
                catalogue.size(),
                catalogue.profiles(),
                segments.bytes(),
                segments.count(),
                waiting.size(),
                lost,
                gaps,
                failures,
                Optional.ofNullable(problem));
    }

    ArchiveStatus status() {
        return status;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /** The record at a place; null if its file is deleted or cannot be read. */
    @Nullable EndedTask task(long place) {
        return read(place) instanceof TaskLine line ? line.task() : null;
    }

    private @Nullable Line read(long place) {
        try {
            return segments.read(place);
        } catch (IOException e) {
            LOG.debug("archive {}: a line cannot be read", directory, e);
            return null;
        }
    }

    /** The events and notices of a service. */
    List<HistoryStep> stepsOf(String serviceArn) {
        List<Long> places;
        synchronized (services) {
            ServiceLines own = services.get(serviceArn);
            places = own == null ? List.of() : List.copyOf(own.places);
        }
        List<HistoryStep> steps = new ArrayList<>();
        for (long place : places) {
            if (read(place) instanceof StepLine line) {
                steps.add(line.step());
            }
        }
        return steps;
    }

    /** The time of the last line; empty for an empty archive. */
    Optional<Instant> lastAt() {
        return segments.lastAt();
    }

    @Override
    public void close() throws IOException {
        settle();
        segments.close();
        report();
    }
}
