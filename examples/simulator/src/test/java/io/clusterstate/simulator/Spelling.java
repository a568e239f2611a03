package io.clusterstate.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.SdkPojo;

/** Spells model objects as events do. */
final class Spelling {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Spelling() {}

    static JsonNode inEvents(SdkPojo model) {
        var text = new StringWriter();
        try {
            try (var json = JSON.createGenerator(text)) {
                new ModelWriter(EcsFormat.EVENT, json).write(model);
            }
            return JSON.readTree(text.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
