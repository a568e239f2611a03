package io.clusterstate.examples.stateserver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes JSON documents. */
final class Json {

    static final String TYPE = "application/json; charset=UTF-8";

    /** Writes the members of an object. */
    @FunctionalInterface
    interface Members {
        void write(Fields fields) throws IOException;
    }

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** A generator that does not close the underlying stream. */
    static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT) // an aborted document must not look complete
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    }

    /** An object as bytes. */
    static byte[] object(Members members) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            members.write(new Fields(json));
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
