package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.json.ShapeReader;
import io.clusterstate.internal.json.Timestamps;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.internal.shape.StringPool;
import io.clusterstate.spi.Upsert;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** The detail of a task or container instance state change, which is the entity itself. */
final class EntityDetail<T> implements Detail {

    private final EntityKind<T> kind;
    private final T value;
    private final @Nullable String clusterArn;
    private final @Nullable String updatedAt;
    private final @Nullable String flaw;

    private EntityDetail(
            EntityKind<T> kind,
            T value,
            @Nullable String clusterArn,
            @Nullable String updatedAt,
            @Nullable String flaw) {
        this.kind = kind;
        this.value = value;
        this.clusterArn = clusterArn;
        this.updatedAt = updatedAt;
        this.flaw = flaw;
    }

    /** A reader for entities of a kind. */
    static <T> DetailReader of(EntityKind<T> kind) {
        PojoShape shape = PojoShape.ofEntity(kind.type());
        return json -> read(kind, shape, json);
    }

    private static <T> EntityDetail<T> read(EntityKind<T> kind, PojoShape shape, JsonParser json) throws IOException {
        SdkPojo builder = shape.newBuilder();
        ShapeReader reader = new ShapeReader(json);
        String clusterArn = null;
        String updatedAt = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("clusterArn") && json.currentToken() == JsonToken.VALUE_STRING) {
                clusterArn =
                        StringPool.SHARED.share(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
            }
            if (name.equals("updatedAt") && json.currentToken() == JsonToken.VALUE_STRING) {
                updatedAt = json.getText();
            }
            reader.readMember(builder, shape, name);
        }
        return new EntityDetail<>(
                kind, kind.type().cast(PojoShape.build(builder)), clusterArn, updatedAt, reader.flaw());
    }

    @Override
    public ParsedBody parsed(Context context) {
        String arn = kind.arnIn(value).orElse(null);
        Optional<EcsArn> own = Detail.arnOf(kind, arn);
        if (arn == null || own.isEmpty()) {
            return withoutArn(context.resource());
        }
        Optional<String> cluster = Detail.clusterArn(clusterArn, own);
        if (kind.versionOf(value) <= 0) {
            return new ParsedBody.Hint(kind, arn, cluster, "no version");
        }
        if (flaw != null) {
            return new ParsedBody.Hint(kind, arn, cluster, flaw);
        }
        if (cluster.isEmpty()) {
            return new ParsedBody.Unreadable(
                    "detail.clusterArn: absent (expected: the ARN of the cluster of " + arn + ")");
        }
        return new ParsedBody.StateChange(
                Upsert.of(kind, cluster.get(), value, Origin.EVENT, context.receivedAt()),
                moment(updatedAt).or(() -> moment(context.time())),
                context.isReplay());
    }

    private static Optional<Instant> moment(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Timestamps::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty(); // an input transformer wrote it: the time of receipt serves instead
        }
    }

    private ParsedBody withoutArn(@Nullable String resource) {
        Optional<EcsArn> named = Detail.arnOf(kind, resource);
        return resource == null || named.isEmpty()
                ? new ParsedBody.Unreadable("detail: no ARN (expected: the ARN of a " + kind + ")")
                : new ParsedBody.Hint(kind, resource, Detail.clusterArn(clusterArn, named), "no ARN in the detail");
    }
}
