package io.clusterstate.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import io.clusterstate.internal.shape.Draft;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.internal.shape.StringPool;
import io.clusterstate.internal.shape.ValueShape;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;

/**
 * A reader that turns JSON into the AWS SDK's model types in one pass, guided by their {@link PojoShape}. It skips
 * unknown members; {@code null} and empty lists leave a member unset.
 *
 * <p>It also skips a value of the wrong type, and keeps the first as the {@link #flaw()}. The rest is then still
 * readable, but the result is incomplete.
 */
public final class ShapeReader extends ValueShape.Reader {

    /** Up to this limit, a {@code double} represents every whole number exactly. */
    private static final double EXACT = 1L << 53;

    /** The limit for seconds since the epoch, some 30,000 years either way; a larger number is no timestamp. */
    private static final double SECONDS = 1e12;

    private final JsonParser json;
    private final Unknown skipping;
    private final char[] buffer = StringPool.buffer();
    private @Nullable String flaw;

    /**
     * Creates a reader.
     *
     * @param json a parser before or within an object
     */
    public ShapeReader(JsonParser json) {
        this.json = json;
        this.skipping = name -> json.skipChildren();
    }

    /**
     * The first value that was skipped because of its type.
     *
     * @return its place and the expected type, in words; null if there was none
     */
    public @Nullable String flaw() {
        return flaw;
    }

    /** A reader of the members that a shape lacks. */
    @FunctionalInterface
    public interface Unknown {

        /**
         * Reads or skips the value at the parser's position.
         *
         * @param name the member's name in JSON
         * @throws IOException if the text is not valid JSON
         */
        void read(String name) throws IOException;
    }

    /**
     * Reads the object that starts at the parser's position.
     *
     * @param shape the type's members
     * @return the value
     * @throws IOException if the text is not valid JSON
     */
    public Object readPojo(PojoShape shape) throws IOException {
        return readPojo(shape, skipping);
    }

    /**
     * Reads the object that starts at the parser's position.
     *
     * @param shape the type's members
     * @param unknown the reader of members that the shape lacks
     * @return the value
     * @throws IOException if the text is not valid JSON
     */
    public Object readPojo(PojoShape shape, Unknown unknown) throws IOException {
        Draft draft = shape.newDraft();
        PojoShape.Member last = null;
        while (isNextName(shape.expectedAfter(last))) {
            String name = json.currentName();
            json.nextToken();
            PojoShape.Member member = shape.memberAfter(last, name);
            if (member == null) {
                unknown.read(name);
            } else {
                read(member, name, draft);
                last = member;
            }
        }
        return draft.build();
    }

    private boolean isNextName(PojoShape.@Nullable Member expected) throws IOException {
        return expected == null
                ? json.nextToken() == JsonToken.FIELD_NAME
                : json.nextFieldName(expected.inJson()) || json.currentToken() == JsonToken.FIELD_NAME;
    }

    private void read(PojoShape.Member member, String name, Draft draft) throws IOException {
        Object value = member.shape().readBy(this, name);
        if (value != null) {
            draft.set(member, value);
        }
    }

    @Override
    protected @Nullable Object readPojo(String name, ValueShape.Pojo type) throws IOException {
        return isAt(JsonToken.START_OBJECT, name, "an object") ? readPojo(type.shape()) : null;
    }

    @Override
    protected @Nullable Object readList(String name, ValueShape element) throws IOException {
        return isAt(JsonToken.START_ARRAY, name, "a list") ? elements(name, element) : null;
    }

    private @Nullable List<Object> elements(String name, ValueShape element) throws IOException {
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            Object value = element.readBy(this, name);
            if (value != null) {
                list.add(value);
            }
        }
        return list.isEmpty() ? null : list;
    }

    @Override
    protected @Nullable Object readMap(String name, ValueShape value) throws IOException {
        return isAt(JsonToken.START_OBJECT, name, "an object") ? entries(value) : null;
    }

    private @Nullable Map<String, Object> entries(ValueShape shape) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = StringPool.SHARED.share(json.currentName());
            json.nextToken();
            Object value = shape.readBy(this, key);
            if (value != null) {
                map.put(key, value);
            }
        }
        return map.isEmpty() ? null : map;
    }

    @Override
    protected @Nullable Object readText(String name, Map<String, String> spellings) throws IOException {
        if (!isAtSingleValue(name)) {
            return null;
        }
        String text =
                StringPool.SHARED.share(json.getTextCharacters(), json.getTextOffset(), json.getTextLength(), buffer);
        return spellings.isEmpty() ? text : spellings.getOrDefault(text, text);
    }

    @Override
    protected @Nullable Object readOwn(String name) throws IOException {
        return isAtSingleValue(name) ? json.getText() : null;
    }

    @Override
    protected @Nullable Object readTimestamp(String name) throws IOException {
        return isAtSingleValue(name) ? readInstant(name) : null;
    }

    @Override
    protected @Nullable Object readSimple(String name, MarshallingKnownType type) throws IOException {
        if (type == MarshallingKnownType.DOCUMENT) {
            return json.currentToken() == JsonToken.VALUE_NULL ? null : Documents.read(json);
        }
        if (!isAtSingleValue(name)) {
            return null;
        }
        return switch (type) {
            case INTEGER -> readInteger(name);
            case LONG -> readLong(name);
            case DOUBLE -> readDouble(name);
            case BOOLEAN -> readBoolean(name);
            default -> null; // ECS's entities have no other simple type
        };
    }

    /** Whether a value of the expected type starts at the parser's position; otherwise skips the value there. */
    private boolean isAt(JsonToken start, String name, String expected) throws IOException {
        JsonToken token = json.currentToken();
        if (token != start && token != JsonToken.VALUE_NULL) {
            skip(name, expected);
        }
        return token == start;
    }

    private boolean isAtSingleValue(String name) throws IOException {
        JsonToken token = json.currentToken();
        if (!token.isScalarValue()) {
            skip(name, "a single value");
        }
        return token.isScalarValue() && token != JsonToken.VALUE_NULL;
    }

    private @Nullable Object readInteger(String name) throws IOException {
        Object number = readLong(name);
        return number instanceof Long whole && whole == whole.intValue()
                ? (Object) whole.intValue()
                : skip(name, "a 32-bit number");
    }

    private @Nullable Object readLong(String name) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != NumberType.BIG_INTEGER) {
            return json.getLongValue();
        }
        double number = number();
        return number == Math.rint(number) && Math.abs(number) <= EXACT
                ? (Object) (long) number
                : skip(name, "a whole number");
    }

    private @Nullable Object readDouble(String name) throws IOException {
        double number = number();
        return Double.isFinite(number) ? (Object) number : skip(name, "a number");
    }

    private @Nullable Object readBoolean(String name) throws IOException {
        return switch (json.getText()) {
            case "true" -> true;
            case "false" -> false;
            default -> skip(name, "true or false");
        };
    }

    private @Nullable Object readInstant(String name) throws IOException {
        if (json.currentToken().isNumeric()) {
            double seconds = number();
            return Math.abs(seconds) <= SECONDS
                    ? Instant.ofEpochMilli(Math.round(seconds * 1000))
                    : skip(name, "a timestamp");
        }
        try {
            return Timestamps.parse(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
        } catch (DateTimeException e) {
            return skip(name, "a timestamp");
        }
    }

    /** The number at the parser's position, quoted or not; NaN if it is none. */
    private double number() throws IOException {
        if (json.currentToken().isNumeric()) {
            return json.getDoubleValue();
        }
        try {
            return Double.parseDouble(json.getText());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private @Nullable Object skip(String name, String expected) throws IOException {
        if (flaw == null) {
            flaw = name + ": " + json.currentToken() + " (expected: " + expected + ")";
        }
        json.skipChildren();
        return null;
    }
}
