package io.clusterstate.examples.stateserver;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** Answers about this process: liveness, readiness, freshness, status and metrics. */
final class ServerStatus {

    private static final String TEXT = "text/plain; charset=UTF-8";

    private final StateSource source;
    private final Histories histories;
    private final Supplier<FreshnessJson> freshness;
    private final Meters meters;
    private final Streams streams;
    private final InstantSource clock;

    ServerStatus(
            StateSource source,
            Histories histories,
            Supplier<FreshnessJson> freshness,
            Meters meters,
            Streams streams,
            InstantSource clock) {
        this.source = source;
        this.histories = histories;
        this.freshness = freshness;
        this.meters = meters;
        this.streams = streams;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.get("/v1/ping", call -> plain(call, 200, "pong"));
        routes.get("/healthz", call -> plain(call, 200, "alive"));
        routes.get("/readyz", this::answerReady);
        routes.get("/v1/freshness", call -> json(call, fields -> freshness.get().write(fields, clock.instant())));
        routes.get("/v1/status", call -> json(call, this::writeStatus));
        routes.get("/metrics", call -> call.contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(meters.scrape()));
        routes.get("/v1/openapi.json", ServerStatus::answerOpenApi);
    }

    private void answerReady(Context call) {
        FreshnessJson now = freshness.get();
        if (now.isFresh()) {
            plain(call, 200, "ready and fresh");
        } else if (now.isServing()) {
            plain(call, 200, "ready: " + String.join("; ", now.unmet()));
        } else {
            plain(call, 503, (now.isReady() ? "stale: " : "not ready: ") + String.join("; ", now.unmet()));
        }
    }

    private void writeStatus(Fields fields) throws IOException {
        source.writeStatus(fields);
        histories.writeStatus(fields);
        fields.number("streams", streams.count());
    }

    private static void answerOpenApi(Context call) {
        InputStream document = ServerStatus.class.getResourceAsStream("/openapi.json");
        call.contentType(Json.TYPE).result(Objects.requireNonNull(document));
    }

    private static void plain(Context call, int status, String text) {
        call.status(status)
                .contentType(TEXT)
                .header("Cache-Control", "no-store")
                .result(text);
    }

    private static void json(Context call, Json.Members members) throws IOException {
        Filters.of(call, Set.of());
        call.contentType(Json.TYPE).header("Cache-Control", "no-store").result(Json.object(members));
    }
}
