package io.clusterstate.benchmarks;

import java.io.IOException;

/** The envelope that EventBridge puts around an ECS event. */
final class EventEnvelope {

    private EventEnvelope() {}

    static void write(EcsJson json, String type, String id, String resource, EcsJson.Part detail) throws IOException {
        json.text("version", "0")
                .text("id", id)
                .text("detail-type", type)
                .text("source", "aws.ecs")
                .text("account", SampleIds.ACCOUNT)
                .text("time", "2026-01-05T08:00:24Z")
                .text("region", SampleIds.REGION)
                .array("resources", list -> list.element(resource))
                .object("detail", detail);
    }
}
