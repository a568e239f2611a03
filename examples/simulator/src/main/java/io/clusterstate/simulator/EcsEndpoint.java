package io.clusterstate.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.UUID;

/** The ECS API over HTTP, in AWS's JSON 1.1 protocol. It does not check signatures. */
final class EcsEndpoint implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTENT_TYPE = "application/x-amz-json-1.1";
    private static final int PROMISED = 1_000;

    private final EcsApi api;
    private final CallGate gate;
    private final InstantSource clock;
    private final Javalin server;

    EcsEndpoint(EcsApi api, CallGate gate, InstantSource clock, int port) {
        this.api = api;
        this.gate = gate;
        this.clock = clock;
        this.server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.startup.startupWatcherEnabled = false;
                    config.routes.post("/", this::answer);
                })
                .start("127.0.0.1", port);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        gate.endDelays();
        server.stop();
    }

    private void answer(Context call) throws IOException {
        call.contentType(CONTENT_TYPE)
                .header("x-amzn-RequestId", UUID.randomUUID().toString())
                .header(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)));
        try {
            answer(operationOf(call), call);
        } catch (EcsError error) {
            fail(call, error);
        } catch (JsonProcessingException e) {
            fail(call, EcsError.of("SerializationException", "body: not JSON (expected: a JSON object)"));
        }
    }

    private void answer(String operation, Context call) throws IOException {
        try {
            var verdict = gate.judge(operation);
            if (verdict == CallGate.Verdict.CUT) {
                cut(call);
                return;
            }
            var answer = api.call(operation, call.bodyAsBytes());
            if (verdict == CallGate.Verdict.CUT_AFTERWARDS) {
                cut(call);
            } else {
                call.result(answer);
            }
        } catch (EcsError error) {
            gate.answered(operation, error);
            throw error;
        }
    }

    private static String operationOf(Context call) {
        var target = call.header("X-Amz-Target");
        if (target == null || !target.contains(".")) {
            throw EcsError.of(
                    "UnknownOperationException", "X-Amz-Target: " + target + " (expected: SERVICE.Operation)");
        }
        return target.substring(target.indexOf('.') + 1);
    }

    private static void fail(Context call, EcsError error) throws IOException {
        var body = new LinkedHashMap<String, Object>();
        body.put("__type", error.type());
        body.put("message", error.text());
        if (!error.resourceIds().isEmpty()) {
            body.put("resourceIds", error.resourceIds());
        }
        call.status(error.httpStatus()).result(JSON.writeValueAsBytes(body));
    }

    /** Announces a longer body than it sends, so that the connection breaks while the caller reads. */
    private static void cut(Context call) throws IOException {
        var response = call.res();
        response.setContentLength(PROMISED);
        response.getOutputStream().write('{');
        response.flushBuffer();
    }
}
