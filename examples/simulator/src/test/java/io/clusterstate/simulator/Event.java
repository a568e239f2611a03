package io.clusterstate.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/** An event as a consumer finds it in the queue. */
record Event(JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Event parse(String body) {
        try {
            return new Event(JSON.readTree(body));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    String id() {
        return json.get("id").asText();
    }

    String kind() {
        return json.get("detail-type").asText();
    }

    boolean isOfTask() {
        return kind().equals("ECS Task State Change");
    }

    boolean isOfInstance() {
        return kind().equals("ECS Container Instance State Change");
    }

    String resource() {
        return json.get("resources").get(0).asText();
    }

    JsonNode detail() {
        return json.get("detail");
    }

    long version() {
        return detail().get("version").asLong();
    }

    String status() {
        return detail().get("lastStatus").asText();
    }
}
