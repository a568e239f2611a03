package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The scalar values of a JSON object, by name; nested values are skipped. */
final class Scalars {

    private final Map<String, String> values = new HashMap<>();

    private Scalars() {}

    /** Reads the object at the parser's position. */
    static Scalars read(JsonParser json) throws IOException {
        Scalars scalars = new Scalars();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                scalars.values.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return scalars;
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }
}
