package io.clusterstate.examples.stateserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;

/** A Server-Sent Event as a client reads it. */
record Event(String id, String name, JsonNode data) {

    /** In a row, five seconds each, while something else is waited for. */
    static final int MOST_HEARTBEATS = 6;

    static Event next(BufferedReader lines) throws IOException {
        String id = "";
        String name = "message";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                return new Event(id, name, Rest.parse(data.toString()));
            }
            String value = line.substring(line.indexOf(": ") + 2);
            switch (line.substring(0, line.indexOf(':'))) {
                case "id" -> id = value;
                case "event" -> name = value;
                case "data" -> data.append(value);
                default -> throw new IOException("line: " + line + " (expected: id, event or data)");
            }
        }
        throw new EOFException("the stream ended (expected: an event)");
    }

    /**
     * The next event that is not freshness, which is the heartbeat, too: some of it may come in between, but not for
     * ever.
     */
    static Event nextNews(BufferedReader lines) throws IOException {
        Event event = next(lines);
        for (int i = 0; i < MOST_HEARTBEATS && event.isFreshness(); i++) {
            event = next(lines);
        }
        return event;
    }

    /** The same, of changes. */
    static Event nextChanges(BufferedReader lines) throws IOException {
        Event event = nextNews(lines);
        if (!event.name.equals("changes")) {
            throw new IOException("event: " + event + " (expected: changes)");
        }
        return event;
    }

    boolean isFreshness() {
        return name.equals("freshness");
    }
}
