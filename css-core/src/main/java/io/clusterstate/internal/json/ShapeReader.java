package io.clusterstate.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
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
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;

/**
 * Reads JSON into the AWS SDK's model types in one pass, by their {@link PojoShape}. Unknown members are passed over;
 * {@code null} and empty lists leave a member unset.
 *
 * <p>A value that is not what its place demands is passed over too, and remembered as the {@link #flaw()}: the rest can
 * still be read, but what came of it is not all that was said.
 */
public final class ShapeReader extends ValueShape.Reader {

    /** Up to here, every whole number has a {@code double} of its own. */
    private static final double EXACT = 1L << 53;

    /** Seconds since the epoch, some 30,000 years either way: more is no timestamp. */
    private static final double SECONDS = 1e12;

    private final JsonParser json;
    private @Nullable String flaw;

    /**
     * A reader.
     *
     * @param json stands before or within an object
     */
    public ShapeReader(JsonParser json) {
        this.json = json;
    }

    /**
     * The first value that was passed over for not being what its place demands.
     *
     * @return in words, where and what was expected; null if there was none
     */
    public @Nullable String flaw() {
        return flaw;
    }

    /**
     * Reads the value at which the parser stands into a member, if there is such a member.
     *
     * @param builder of the shape
     * @param shape the type's members
     * @param name the member's name in JSON
     * @throws IOException if the text is no JSON
     */
    public void readMember(SdkPojo builder, PojoShape shape, String name) throws IOException {
        PojoShape.Member member = shape.member(name);
        if (member == null) {
            json.skipChildren();
            return;
        }
        Object value = member.shape().readBy(this, name);
        if (value != null) {
            member.set(builder, value);
        }
    }

    /**
     * Reads the object at whose start the parser stands.
     *
     * @param shape the type's members
     * @return the value
     * @throws IOException if the text is no JSON
     */
    public Object readPojo(PojoShape shape) throws IOException {
        SdkPojo builder = shape.newBuilder();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            readMember(builder, shape, name);
        }
        return PojoShape.build(builder);
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
        String text = StringPool.SHARED.share(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
        return spellings.isEmpty() ? text : spellings.getOrDefault(text, text);
    }

    @Override
    protected @Nullable Object readMoment(String name) throws IOException {
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
            default -> null; // no other simple type occurs in what ECS tells of its entities
        };
    }

    /**
     * Whether the parser stands where such a value begins; if it does not, nor at {@code null}, passes over what is
     * there.
     */
    private boolean isAt(JsonToken start, String name, String expected) throws IOException {
        JsonToken token = json.currentToken();
        if (token != start && token != JsonToken.VALUE_NULL) {
            passOver(name, expected);
        }
        return token == start;
    }

    private boolean isAtSingleValue(String name) throws IOException {
        JsonToken token = json.currentToken();
        if (!token.isScalarValue()) {
            passOver(name, "a single value");
        }
        return token.isScalarValue() && token != JsonToken.VALUE_NULL;
    }

    private @Nullable Object readInteger(String name) throws IOException {
        Object number = readLong(name);
        return number instanceof Long whole && whole == whole.intValue()
                ? (Object) whole.intValue()
                : passOver(name, "a number of 32 bits");
    }

    private @Nullable Object readLong(String name) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != NumberType.BIG_INTEGER) {
            return json.getLongValue();
        }
        double number = number();
        return number == Math.rint(number) && Math.abs(number) <= EXACT
                ? (Object) (long) number
                : passOver(name, "a whole number");
    }

    private @Nullable Object readDouble(String name) throws IOException {
        double number = number();
        return Double.isFinite(number) ? (Object) number : passOver(name, "a number");
    }

    private @Nullable Object readBoolean(String name) throws IOException {
        return switch (json.getText()) {
            case "true" -> true;
            case "false" -> false;
            default -> passOver(name, "true or false");
        };
    }

    private @Nullable Object readInstant(String name) throws IOException {
        if (json.currentToken().isNumeric()) {
            double seconds = number();
            return Math.abs(seconds) <= SECONDS
                    ? Instant.ofEpochMilli(Math.round(seconds * 1000))
                    : passOver(name, "a timestamp");
        }
        try {
            return Timestamps.parse(json.getText());
        } catch (DateTimeException e) {
            return passOver(name, "a timestamp");
        }
    }

    /** The number at which the parser stands, be it quoted or not; not a number if it is none. */
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

    private @Nullable Object passOver(String name, String expected) throws IOException {
        if (flaw == null) {
            flaw = name + ": " + json.currentToken() + " (expected: " + expected + ")";
        }
        json.skipChildren();
        return null;
    }
}
