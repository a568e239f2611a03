package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The single values of a JSON object, by name; what is nested in it is passed over. */
final class Scalars {

    private final Map<String, String> values = new HashMap<>();

    private Scalars() {}

    /** Reads the object at which the parser stands. */
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
