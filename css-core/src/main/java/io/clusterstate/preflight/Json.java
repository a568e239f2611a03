package io.clusterstate.preflight;

import io.clusterstate.internal.json.Documents;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.document.Document;

/** JSON texts of AWS, in which a value may stand for a list of one. */
final class Json {

    private Json() {}

    /** The fields of an object; empty if the text is none. */
    static Optional<Map<String, Document>> object(String text) {
        try {
            Document document = Documents.parse(text);
            return document.isMap() ? Optional.of(document.asMap()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The elements of a list, or the value itself; none if there is no value. */
    static List<Document> list(@Nullable Document value) {
        if (value == null || value.isNull()) {
            return List.of();
        }
        return value.isList() ? value.asList() : List.of(value);
    }

    /** The texts among the elements of a list, or the text itself. */
    static List<String> texts(@Nullable Document value) {
        return list(value).stream()
                .filter(each -> each.isString() || each.isNumber() || each.isBoolean())
                .map(Json::text)
                .toList();
    }

    /** A string, or a number or truth value as text. */
    static String text(Document value) {
        if (value.isString()) {
            return value.asString();
        }
        return value.isNumber() ? value.asNumber().stringValue() : Boolean.toString(value.asBoolean());
    }
}
