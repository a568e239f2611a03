package io.clusterstate.examples.tools;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Readers of streams, a thread each. They look for the events by which a stream reports that it lost something, and
 * parse nothing, so that they load the server and not this process.
 */
final class StreamReaders implements AutoCloseable {

    private static final int PART = 65_536;
    private static final List<String> BAD_WORDS = List.of("event: reset", "event: end", "{\"end\"");
    /** The length of the longest word that may be split between two reads. */
    private static final int LONGEST_WORD = 16;

    private static final int CONNECT_MILLIS = 10_000;
    /** The limit of silence; a stream sends something every five seconds. */
    private static final int READ_MILLIS = 30_000;

    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean isClosed;

    /** Opens {@code count} streams, half of lines and half of events. */
    StreamReaders(String url, int count) {
        for (int i = 0; i < count; i++) {
            String address = url + (i % 2 == 0 ? "/v1/stream/tasks" : "/v1/events");
            Thread thread = new Thread(() -> follow(address), "follower-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The failures so far. */
    List<String> failures() {
        return new ArrayList<>(failures);
    }

    int open() {
        return open.get();
    }

    long bytes() {
        return bytes.get();
    }

    private void follow(String address) {
        try (InputStream body = connect(address)) {
            open.incrementAndGet();
            try {
                read(address, body);
            } finally {
                open.decrementAndGet();
            }
        } catch (IOException e) {
            fail(address + ": " + e);
        }
    }

    private static InputStream connect(String address) throws IOException {
        URLConnection connection = URI.create(address).toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        if (connection instanceof HttpURLConnection http && http.getResponseCode() != 200) {
            throw new IOException(http.getResponseCode() + " (expected: 200)");
        }
        return connection.getInputStream();
    }

    private void read(String address, InputStream body) throws IOException {
        byte[] part = new byte[PART];
        String before = "";
        for (int read = body.read(part); read >= 0; read = body.read(part)) {
            bytes.addAndGet(read);
            String text = before + new String(part, 0, read, StandardCharsets.ISO_8859_1);
            if (BAD_WORDS.stream().anyMatch(text::contains)) {
                fail(address + ": reset or ended");
                return;
            }
            before = text.substring(Math.max(0, text.length() - LONGEST_WORD));
        }
        fail(address + ": ended");
    }

    private void fail(String what) {
        if (!isClosed) {
            failures.add(what);
        }
    }

    /** Closes the streams, whose ends no longer count as failures. */
    @Override
    public void close() {
        isClosed = true;
    }
}
