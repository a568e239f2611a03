package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonParser;
import io.clusterstate.EntityKind;
import java.io.IOException;
import java.util.Optional;

/**
 * The detail of a service action or a deployment state change. It carries what happened, but not the state of the
 * service; only the envelope's resources name the service.
 */
record ServiceDetail(Scalars scalars) implements Detail {

    static Detail read(JsonParser json) throws IOException {
        return new ServiceDetail(Scalars.read(json));
    }

    @Override
    public ParsedBody parsed(Context context) {
        String resource = context.resource();
        if (resource == null || !Detail.isArnOf(EntityKind.SERVICE, resource)) {
            return new ParsedBody.Unreadable("resources: " + resource + " (expected: the ARN of a service)");
        }
        Optional<String> cluster = Detail.clusterArn(scalars.find("clusterArn").orElse(null), resource);
        return new ParsedBody.Notice(
                scalars.find("eventType"),
                scalars.find("eventName").orElse("unnamed"),
                resource,
                cluster,
                scalars.find("reason"));
    }
}
