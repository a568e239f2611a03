package io.clusterstate.archive;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.NotReadyException;
import io.clusterstate.ServiceNotice;
import io.clusterstate.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive in a local directory: files of JSON lines, which tools such as {@code jq} read. It records each ended task
 * once, by its ARN, and services' events and notices.
 *
 * <p><b>Files.</b> A file is named {@code history-NUMBER.jsonl}, and a file with a higher number is younger. A line is
 * an object: {@code kind} is {@code task}, {@code step} (an event or a notice of a service) or {@code gap}. No
 * environment variable and no command of a task is written.
 *
 * <p><b>Bounds.</b> By default the files take up to 256 MiB, and a line is kept for at least 30 days. Whole files are
 * deleted, the oldest first; a file holds up to a sixteenth of either bound, and up to 16 MiB. Old files are deleted
 * when a change is recorded.
 *
 * <p><b>Scope.</b> The archive is a listener of the view: it never delays the mirror (promise 9). A task that ended
 * before the archive followed is recorded if the view shows it. A task that ECS forgot before its stop was seen is
 * recorded with its last status. If the archive falls too far behind, or begins with no line of the last hour, a line
 * {@code gap} says so. To record the last changes, close the archive after the mirror has settled them; what it misses
 * is recorded at the next start, while ECS still describes the task.
 *
 * <p><b>Crashes.</b> Each line is one write, which the system has at once. A process that is killed loses at most the
 * line that it was writing; {@link #open} cuts off a torn line. With a change, the archive hands lines to the disk if a
 * second has passed since the last time. A machine that fails loses about that much.
 *
 * <p><b>Failures.</b> If a write fails, up to 10,000 records wait for the next change. {@link #status()} shows it, and
 * the log has one warning.
 *
 * <p>Memory: some 250 bytes for each task and 700 for each different end. A query reads the records that it returns
 * from disk.
 *
 * <p>Thread: safe for any thread.
 */
public final class FileArchive implements Archive {

    private static final Logger LOG = LoggerFactory.getLogger(FileArchive.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Path directory;
    private final DirectoryLock lock;
    private final Ledger ledger;
    private final Recorder recorder;
    private final StepsSeen seen = new StepsSeen();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile @Nullable ClusterStateView view;
    private volatile @Nullable Subscription subscription;
    private volatile boolean isClosed;

    /**
     * The bounds of an archive.
     *
     * @param keepBytes the size of all files together, at least 64 KiB
     * @param keepFor the least time for which a record is kept, at least a minute
     */
    public record Options(long keepBytes, Duration keepFor) {

        /** The default: 256 MiB, and 30 days. */
        public static final Options DEFAULT = new Options(256L * 1024 * 1024, Duration.ofDays(30));

        /**
         * Checks the bounds.
         *
         * @param keepBytes the size of all files together
         * @param keepFor the least time for which a record is kept
         * @throws IllegalArgumentException if a bound is too small
         */
        public Options {
            if (keepBytes < 64 * 1024) {
                throw new IllegalArgumentException("keepBytes: " + keepBytes + " (expected: 65536 or more)");
            }
            if (keepFor.compareTo(Duration.ofMinutes(1)) < 0) {
                throw new IllegalArgumentException("keepFor: " + keepFor + " (expected: a minute or more)");
            }
        }
    }

    private FileArchive(Path directory, DirectoryLock lock, Options options, InstantSource clock) {
        this.directory = directory;
        this.lock = lock;
        this.ledger = new Ledger(directory, options.keepBytes(), options.keepFor(), clock);
        this.recorder = new Recorder(ledger, seen, options.keepFor(), clock);
    }

    /**
     * Opens an archive with the default bounds.
     *
     * @param directory as in {@link #open(Path, Options)}
     * @return the archive
     * @throws IllegalStateException as {@link #open(Path, Options)}
     * @throws IOException as {@link #open(Path, Options)}
     */
    public static FileArchive open(Path directory) throws IOException {
        return open(directory, Options.DEFAULT);
    }

    /**
     * Opens an archive, which records nothing before {@link #follow}.
     *
     * <p>Blocks: it reads all files, some seconds for 100,000 tasks.
     *
     * @param directory a local directory, made if it does not exist; for one process at a time
     * @param options the bounds
     * @return the archive
     * @throws IllegalStateException if another archive is open in the directory; the message names the process
     * @throws IOException if the directory cannot be read and written
     */
    public static FileArchive open(Path directory, Options options) throws IOException {
        return open(directory, options, InstantSource.system());
    }

    /**
     * Opens an archive with a clock, such as that of a fake, whose tasks end at the fake's time.
     *
     * @param directory as in {@link #open(Path, Options)}
     * @param options the bounds
     * @param clock judges the age of records
     * @return the archive
     * @throws IllegalStateException as {@link #open(Path, Options)}
     * @throws IOException as {@link #open(Path, Options)}
     */
    public static FileArchive open(Path directory, Options options, InstantSource clock) throws IOException {
        Files.createDirectories(directory);
        DirectoryLock lock = DirectoryLock.take(directory);
        boolean isOpen = false;
        try {
            FileArchive archive = new FileArchive(directory, lock, options, clock);
            archive.ledger.load();
            isOpen = true;
            return archive;
        } finally {
            if (!isOpen) {
                lock.close();
            }
        }
    }

    /**
     * Begins to record a view, which need not be ready.
     *
     * @param followed the view of a mirror, a reader or a fake, or a composite view. Of a member that joins a composite
     *     late, the archive notes no gap for the time before
     * @return this
     * @throws IllegalStateException if the archive follows a view already, or is closed
     * @throws NotReadyException if the view's mirror was closed
     */
    public synchronized FileArchive follow(ClusterStateView followed) {
        if (view != null || isClosed) {
            throw new IllegalStateException("follow: the archive " + (isClosed ? "is closed" : "follows a view already")
                    + " (expected: an open archive, and one call)");
        }
        subscription = followed.subscribe(ChangeListener.builder()
                .named("archive")
                .onBatch(this::record)
                .onServiceNotice(this::record)
                .build());
        view = followed;
        return this;
    }

    private void record(ChangeBatch batch) {
        write(() -> recorder.record(batch));
    }

    private void record(ServiceNotice notice) {
        write(() -> recorder.record(notice));
    }

    private void write(Runnable work) {
        writing.lock();
        try {
            if (!isClosed) {
                work.run();
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * The state of the archive.
     *
     * @return its state after the last recorded change
     */
    public ArchiveStatus status() {
        return ledger.status();
    }

    @Override
    public EndedTaskQuery tasks() {
        return new EndedTaskQuery(new OnDisk(), TaskFilter.ALL);
    }

    private final class OnDisk implements RecordSource {

        @Override
        public Catalogue catalogue() {
            return ledger.catalogue();
        }

        @Override
        public List<EndedTask> load(List<Catalogue.Entry> entries) {
            return entries.stream()
                    .map(entry -> ledger.task(entry.place()))
                    .filter(Objects::nonNull)
                    .toList();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Blocks: it reads the disk.
     */
    @Override
    public List<HistoryStep> why(String arn) {
        Timeline timeline = new Timeline();
        ClusterStateView followed = view;
        if (followed != null && followed.isReady()) {
            ViewArchive.snapshots(followed.snapshot()).values().forEach(each -> timeline.addOwn(each, arn));
        }
        task(arn).ifPresent(timeline::addOwn);
        return timeline.add(ledger.stepsOf(arn)).add(seen.of(arn)).oldestFirst();
    }

    /**
     * The record of a task.
     *
     * <p>Blocks: it reads the disk.
     *
     * @param arn the task's ARN
     * @return its record; empty if the task has not ended, or the archive does not have it
     */
    public Optional<EndedTask> task(String arn) {
        return ledger.catalogue().get(arn).map(entry -> ledger.task(entry.place()));
    }

    /**
     * Stops recording, hands all lines to the disk, and lets another process open the directory. Queries are still
     * answered. Returns within five seconds, even if the disk hangs; the directory then stays locked until the process
     * ends.
     */
    @Override
    public void close() {
        Subscription following = subscription;
        if (following != null) {
            following.cancel();
        }
        try {
            if (writing.tryLock(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                closeFiles();
            } else {
                LOG.warn(
                        "archive {}: a write did not end within {}; the directory stays locked",
                        directory,
                        CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeFiles() {
        if (isClosed) {
            writing.unlock();
            return;
        }
        isClosed = true;
        try (lock) {
            ledger.close();
        } catch (IOException e) {
            LOG.warn("archive {}: not closed cleanly", directory, e);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public String toString() {
        return "archive " + directory + ": " + status();
    }
}
