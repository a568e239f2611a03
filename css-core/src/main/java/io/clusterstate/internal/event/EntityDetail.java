package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonParser;
import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.internal.json.ShapeReader;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.spi.Upsert;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** The detail of a task or container instance state change, which is the entity itself. */
final class EntityDetail<T> implements Detail {

    private final EntityKind<T> kind;
    private final T value;
    private final @Nullable String clusterArn;
    private final @Nullable Instant updatedAt;
    private final @Nullable String flaw;

    private EntityDetail(
            EntityKind<T> kind,
            T value,
            @Nullable String clusterArn,
            @Nullable Instant updatedAt,
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
        ShapeReader reader = new ShapeReader(json);
        EventFields fields = new EventFields(json);
        T value = kind.type().cast(reader.readPojo(shape, fields));
        String clusterArn = value instanceof Task task ? task.clusterArn() : fields.clusterArn;
        return new EntityDetail<>(kind, value, clusterArn, fields.updatedAt, reader.flaw());
    }

    /** The fields that the SDK's type lacks. */
    private static final class EventFields implements ShapeReader.Unknown {

        private final JsonParser json;
        private @Nullable String clusterArn;
        private @Nullable Instant updatedAt;

        EventFields(JsonParser json) {
            this.json = json;
        }

        @Override
        public void read(String name) throws IOException {
            switch (name) {
                case "clusterArn" -> clusterArn = Envelope.text(json);
                case "updatedAt" -> updatedAt = Envelope.moment(json);
                default -> json.skipChildren();
            }
        }
    }

    @Override
    public ParsedBody parsed(Context context) {
        String arn = kind.arnIn(value).orElse(null);
        if (arn == null || !Detail.isArnOf(kind, arn)) {
            return withoutArn(context.resource());
        }
        Optional<String> cluster = Detail.clusterArn(clusterArn, arn);
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
                Optional.ofNullable(updatedAt != null ? updatedAt : context.time()),
                context.isReplay());
    }

    private ParsedBody withoutArn(@Nullable String resource) {
        return resource == null || !Detail.isArnOf(kind, resource)
                ? new ParsedBody.Unreadable("detail: no ARN (expected: the ARN of a " + kind + ")")
                : new ParsedBody.Hint(kind, resource, Detail.clusterArn(clusterArn, resource), "no ARN in the detail");
    }
}
