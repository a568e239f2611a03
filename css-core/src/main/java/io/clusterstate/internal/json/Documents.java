package io.clusterstate.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;

/** JSON values without a fixed shape, such as those of a service's lifecycle hooks. */
public final class Documents {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Documents() {}

    /**
     * Reads a whole text.
     *
     * @param text a JSON value
     * @return the value
     * @throws IOException if the text is not JSON
     */
    public static Document parse(String text) throws IOException {
        try (JsonParser json = FACTORY.createParser(text)) {
            if (json.nextToken() == null) {
                throw new EOFException("no JSON value");
            }
            return read(json);
        }
    }

    /** Reads the value at the parser's position. */
    static Document read(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        return switch (token) {
            case START_OBJECT -> readMap(json);
            case START_ARRAY -> readList(json);
            case VALUE_NULL -> Document.fromNull();
            case VALUE_TRUE, VALUE_FALSE -> Document.fromBoolean(json.getBooleanValue());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Document.fromNumber(json.getText());
            default -> Document.fromString(json.getText());
        };
    }

    private static Document readMap(JsonParser json) throws IOException {
        Map<String, Document> map = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            map.put(name, read(json));
        }
        return Document.fromMap(map);
    }

    private static Document readList(JsonParser json) throws IOException {
        List<Document> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            list.add(read(json));
        }
        return Document.fromList(list);
    }

    /** Writes a value. */
    static void write(JsonGenerator json, Document document) throws IOException {
        if (document.isMap()) {
            json.writeStartObject();
            for (Map.Entry<String, Document> each : document.asMap().entrySet()) {
                json.writeFieldName(each.getKey());
                write(json, each.getValue());
            }
            json.writeEndObject();
        } else if (document.isList()) {
            json.writeStartArray();
            for (Document each : document.asList()) {
                write(json, each);
            }
            json.writeEndArray();
        } else if (document.isString()) {
            json.writeString(document.asString());
        } else if (document.isBoolean()) {
            json.writeBoolean(document.asBoolean());
        } else if (document.isNumber()) {
            json.writeNumber(document.asNumber().stringValue());
        } else {
            json.writeNull();
        }
    }
}
