package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonParser;
import io.clusterstate.EntityKind;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The detail of a container instance health change. It has no version, so the mirror must describe the instance. */
record HealthDetail(Scalars scalars) implements Detail {

    static Detail read(JsonParser json) throws IOException {
        return new HealthDetail(Scalars.read(json));
    }

    @Override
    public ParsedBody parsed(Context context) {
        @Nullable String arn = scalars.find("containerInstanceArn").orElse(context.resource());
        if (arn == null || !Detail.isArnOf(EntityKind.INSTANCE, arn)) {
            return new ParsedBody.Unreadable(
                    "detail.containerInstanceArn: " + arn + " (expected: the ARN of a container instance)");
        }
        Optional<String> cluster = Detail.clusterArn(scalars.find("clusterArn").orElse(null), arn);
        return new ParsedBody.Hint(EntityKind.INSTANCE, arn, cluster, "health change");
    }
}
