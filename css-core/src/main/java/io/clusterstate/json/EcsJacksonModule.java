package io.clusterstate.json;

import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * A module of Jackson 3 that writes every type of the AWS SDK's model as {@link EcsJson} does, wherever it stands in an
 * answer. Without it, Jackson writes <code>{}</code>. It reads nothing.
 *
 * <p>Needs {@code tools.jackson.core:jackson-databind} on the class path, which css-core does not bring.
 *
 * <p>Example: {@code JsonMapper.builder().addModule(new EcsJacksonModule()).build()}.
 */
@SuppressWarnings("exports") // a host that uses this class requires Jackson 3 itself
public final class EcsJacksonModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    private static final JsonFactory JSON = new JsonFactory();

    /** Makes the module. */
    public EcsJacksonModule() {
        super("io.clusterstate.json");
        addSerializer(SdkPojo.class, new PojoSerializer());
    }

    private static final class PojoSerializer extends StdSerializer<SdkPojo> {

        private PojoSerializer() {
            super(SdkPojo.class);
        }

        /** Copies tokens rather than text, so that the host's indentation and formats other than JSON work. */
        @Override
        public void serialize(SdkPojo value, JsonGenerator json, SerializationContext context) {
            try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), EcsJson.write(value))) {
                parser.nextToken();
                json.copyCurrentStructure(parser);
            }
        }
    }
}
