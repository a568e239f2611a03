package io.clusterstate.archive;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of an archive: numbered, appended at the end, and deleted from the beginning. A line has a place, which
 * stays the same until its file is deleted.
 *
 * <p>Thread: one thread at a time, except {@link #read}, which is safe for any thread.
 */
final class Segments implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Segments.class);
    private static final Pattern NAME = Pattern.compile("history-(\\d{9})\\.jsonl");
    private static final int PARTS = 16;
    private static final long SMALLEST = 4 * 1024;
    private static final long LARGEST = 16 * 1024 * 1024;

    private final Path directory;
    private final long keepBytes;
    private final Duration keepFor;
    private final LongConsumer gone;
    private final Deque<Segment> all = new ArrayDeque<>();
    private long bytes;
    /** The open file of the last segment; null before the next segment begins. */
    private @Nullable RandomAccessFile open;

    private boolean isDirty;

    /** A file. */
    private static final class Segment {

        private final int number;
        private long length;
        private Instant begun;
        private Instant newest = Instant.MIN;
        /** Whether a part of a line stands at the end, so that nothing may follow. */
        private boolean isSpoilt;

        private Segment(int number, Instant begun) {
            this.number = number;
            this.begun = begun;
        }

        private void add(Instant at, long bytes) {
            length += bytes;
            newest = at.isAfter(newest) ? at : newest;
        }
    }

    /**
     * The segments of a directory, not read yet.
     *
     * @param keepBytes the size of all files, beyond which the oldest is deleted
     * @param keepFor the age of a file's newest line, beyond which the file is deleted
     * @param gone takes the number of each deleted file
     */
    Segments(Path directory, long keepBytes, Duration keepFor, LongConsumer gone) {
        this.directory = directory;
        this.keepBytes = keepBytes;
        this.keepFor = keepFor;
        this.gone = gone;
    }

    /** The number of the file that a place is in. */
    static long fileOf(long place) {
        return place >>> 32;
    }

    /** Reads all lines, oldest file first, and cuts off a torn line at the end. */
    void load(Instant now, BiConsumer<RecordJson.Line, Long> lines) throws IOException {
        int unreadable = 0;
        for (int number : numbers()) {
            Segment segment = new Segment(number, now);
            byte[] content = Files.readAllBytes(path(number));
            int from = 0;
            for (int at = 0; at < content.length; at++) {
                if (content[at] == '\n') {
                    unreadable += load(content, from, at, segment, now, lines) ? 0 : 1;
                    from = at + 1;
                }
            }
            cutOff(segment, content.length - from);
            all.addLast(segment);
            bytes += segment.length;
        }
        if (unreadable > 0) {
            LOG.warn("archive {}: {} lines were skipped, since they cannot be read", directory, unreadable);
        }
    }

    private static boolean load(
            byte[] content, int from, int to, Segment segment, Instant now, BiConsumer<RecordJson.Line, Long> lines) {
        long place = place(segment.number, from);
        try {
            RecordJson.Line line = RecordJson.readForIndex(content, from, to - from);
            segment.add(line.at(), to + 1L - from);
            segment.begun = line.at().isBefore(segment.begun) ? line.at() : segment.begun;
            lines.accept(line, place);
            return true;
        } catch (IOException e) {
            segment.add(now, to + 1L - from); // perhaps of a later version
            return false;
        }
    }

    private void cutOff(Segment segment, int torn) throws IOException {
        if (torn > 0) {
            LOG.warn(
                    "archive {}: a last line of {} bytes was cut off, since its write was broken off",
                    path(segment.number),
                    torn);
            try (RandomAccessFile file =
                    new RandomAccessFile(path(segment.number).toFile(), "rw")) {
                file.setLength(segment.length);
            }
        }
    }

    private List<Integer> numbers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Integer.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    private Path path(long number) {
        return directory.resolve(String.format(Locale.ROOT, "history-%09d.jsonl", number));
    }

    private static long place(int number, long offset) {
        return (long) number << 32 | offset;
    }

    /**
     * Appends a line. After a failure, the file is as before, or the next line begins another file.
     *
     * @return its place
     */
    long append(byte[] line, Instant at, Instant now) throws IOException {
        Segment last = all.peekLast();
        if (last == null || last.isSpoilt || isFull(last, line.length, now)) {
            last = begin(last == null ? 1 : last.number + 1, now);
        }
        long offset = last.length;
        write(last, line);
        last.add(at, line.length);
        bytes += line.length;
        isDirty = true;
        return place(last.number, offset);
    }

    private boolean isFull(Segment segment, int more, Instant now) {
        long most = Math.max(SMALLEST, Math.min(LARGEST, keepBytes / PARTS));
        return segment.length > 0
                && (segment.length + more > most || segment.begun.isBefore(now.minus(keepFor.dividedBy(PARTS))));
    }

    private Segment begin(int number, Instant now) throws IOException {
        finish();
        deleteOld(now);
        open = new RandomAccessFile(path(number).toFile(), "rw");
        Segment next = new Segment(number, now);
        all.addLast(next);
        return next;
    }

    /** Writes without a channel, which an interrupt of the thread would close. */
    private void write(Segment segment, byte[] line) throws IOException {
        RandomAccessFile file = open;
        if (file == null) {
            file = new RandomAccessFile(path(segment.number).toFile(), "rw");
            open = file;
        }
        boolean isWritten = false;
        try {
            file.seek(segment.length);
            file.write(line);
            isWritten = true;
        } finally {
            if (!isWritten) {
                takeBack(file, segment);
            }
        }
    }

    private void takeBack(RandomAccessFile file, Segment segment) {
        try {
            file.setLength(segment.length);
        } catch (IOException e) {
            LOG.debug("archive {}: a part of a line stays in the file", path(segment.number), e);
            segment.isSpoilt = true;
        }
    }

    private void abandon() {
        RandomAccessFile file = open;
        open = null;
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.debug("archive {}: a file was not closed", directory, e);
        }
    }

    /** Deletes whole files, the oldest first, but never the last. */
    void deleteOld(Instant now) throws IOException {
        while (all.size() > 1 && (bytes > keepBytes || isTooOld(all.getFirst(), now))) {
            Segment oldest = all.removeFirst();
            bytes -= oldest.length;
            gone.accept(oldest.number);
            Files.deleteIfExists(path(oldest.number));
        }
    }

    private boolean isTooOld(Segment segment, Instant now) {
        return segment.newest.isBefore(now.minus(keepFor));
    }

    /** Hands everything to the disk. */
    void sync() throws IOException {
        if (isDirty && open != null) {
            open.getFD().sync();
            isDirty = false;
        }
    }

    /** The line at a place; null if its file is deleted. */
    RecordJson.@Nullable Line read(long place) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path(fileOf(place)).toFile(), "r")) {
            long offset = place & 0xffff_ffffL;
            byte[] line = new byte[2_048];
            int length = 0;
            while (true) {
                file.seek(offset + length);
                int more = file.read(line, length, line.length - length);
                int end = indexOfBreak(line, length, length + Math.max(0, more));
                if (end >= 0) {
                    return RecordJson.read(line, 0, end);
                }
                if (more <= 0) {
                    return null;
                }
                length += more;
                line = Arrays.copyOf(line, line.length * 2);
            }
        } catch (FileNotFoundException | NoSuchFileException e) {
            return null;
        }
    }

    private static int indexOfBreak(byte[] line, int from, int to) {
        for (int at = from; at < to; at++) {
            if (line[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** The time of the newest line; empty without one. */
    Optional<Instant> lastAt() {
        return all.stream().map(each -> each.newest).max(Instant::compareTo).filter(at -> at.isAfter(Instant.MIN));
    }

    long bytes() {
        return bytes;
    }

    int count() {
        return all.size();
    }

    private void finish() throws IOException {
        try {
            sync();
        } finally {
            isDirty = false;
            abandon();
        }
    }

    @Override
    public void close() throws IOException {
        finish();
    }
}
