package io.clusterstate.json;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.clusterstate.internal.json.ShapeWriter;
import io.clusterstate.internal.shape.PojoShape;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The AWS SDK's model types as JSON, as the ECS API writes them: members have the API's names, such as {@code taskArn},
 * and unset members are left out. Timestamps are in ISO-8601, where the API writes seconds.
 *
 * <p>The SDK's types have no getters, so frameworks that look for some write <code>{}</code> for each of them.
 *
 * <p>Thread: safe for any thread.
 */
public final class EcsJson {

    private static final JsonFactory JSON = new JsonFactory();

    private EcsJson() {}

    /**
     * Writes a value as a JSON object.
     *
     * @param value a {@code Task}, {@code ContainerInstance}, {@code Service}, or any other type of the SDK's model
     * @return the object, without line breaks
     */
    public static String write(SdkPojo value) {
        PojoShape shape = PojoShape.ofValue(requireNonNull(value, "value: null (expected: a value of the SDK)"));
        StringWriter text = new StringWriter(1024);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            new ShapeWriter(json).writePojo(value, shape);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter throws none
        }
        return text.toString();
    }
}
