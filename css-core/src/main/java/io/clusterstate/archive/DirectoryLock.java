package io.clusterstate.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a directory. The system releases it when the process ends, however that happens. It also releases it when
 * the process closes any handle of the file, so a second lock in this process is refused before the file is opened.
 */
final class DirectoryLock implements AutoCloseable {

    private static final String NAME = "lock";

    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws IllegalStateException if it is taken
     */
    static DirectoryLock take(Path directory) throws IOException {
        Path file = directory.toRealPath().resolve(NAME);
        if (!HELD.add(file)) {
            throw taken(directory, ProcessHandle.current().pid() + ", this one,");
        }
        FileChannel channel = null;
        boolean isTaken = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw taken(directory, Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            isTaken = true;
            return new DirectoryLock(file, channel);
        } finally {
            if (!isTaken) {
                release(file, channel);
            }
        }
    }

    private static IllegalStateException taken(Path directory, String process) {
        return new IllegalStateException(
                "directory: " + directory + " is written by process " + process + " (expected: no other writer)");
    }

    private static void release(Path file, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            HELD.remove(file);
        }
    }

    @Override
    public void close() throws IOException {
        release(file, channel);
    }
}
