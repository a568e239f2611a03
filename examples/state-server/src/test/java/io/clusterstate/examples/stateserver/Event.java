package io.clusterstate.examples.stateserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;

/** A Server-Sent Event as a client reads it. */
record Event(String id, String name, JsonNode data) {

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

    /** The next event of changes; freshness may come in between. */
    static Event nextChanges(BufferedReader lines) throws IOException {
        Event event = next(lines);
        while (!event.name.equals("changes")) {
            event = next(lines);
        }
        return event;
    }

    boolean isFreshness() {
        return name.equals("freshness");
    }
}
