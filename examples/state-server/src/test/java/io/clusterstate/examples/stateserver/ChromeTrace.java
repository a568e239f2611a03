package io.clusterstate.examples.stateserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A recording of Chrome's own trace, by a second connection to its debugger, since the driver has no events of it.
 * Source: the Chrome DevTools Protocol, domain {@code Tracing}.
 */
final class ChromeTrace implements WebSocket.Listener {

    /** The tasks of threads, and what scripts, layout and the collector did in them. */
    private static final String CATEGORIES =
            "devtools.timeline,disabled-by-default-devtools.timeline,v8,blink.user_timing";

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final StringBuilder message = new StringBuilder();
    private final List<JsonNode> events = new ArrayList<>();
    private final CompletableFuture<List<JsonNode>> complete = new CompletableFuture<>();
    private final WebSocket socket;

    private ChromeTrace(HttpClient client, URI debugger) {
        this.socket = client.newWebSocketBuilder().buildAsync(debugger, this).join();
    }

    /** Begins to record. The address is the host and port of Chrome's debugger. */
    static ChromeTrace begin(String address) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest version = HttpRequest.newBuilder(URI.create("http://" + address + "/json/version"))
                .build();
        String answer = client.send(version, BodyHandlers.ofString()).body();
        ChromeTrace trace = new ChromeTrace(
                client,
                URI.create(Rest.parse(answer).get("webSocketDebuggerUrl").textValue()));
        ObjectNode parameters = Rest.JSON.createObjectNode();
        parameters.put("transferMode", "ReportEvents").put("categories", CATEGORIES);
        trace.send(1, "Tracing.start", parameters);
        return trace;
    }

    /** Ends the recording and returns its events. */
    List<JsonNode> end() throws Exception {
        send(2, "Tracing.end", Rest.JSON.createObjectNode());
        try {
            return complete.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    private void send(int id, String method, ObjectNode parameters) {
        ObjectNode command = Rest.JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", parameters);
        socket.sendText(command.toString(), true).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
        message.append(part);
        if (isLast) {
            take(Rest.parse(message.toString()));
            message.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private void take(JsonNode told) {
        switch (told.path("method").asText()) {
            case "Tracing.dataCollected" -> told.at("/params/value").forEach(events::add);
            case "Tracing.tracingComplete" -> complete.complete(events);
            default -> {
                if (told.has("error")) {
                    complete.completeExceptionally(new IOException(told.toString()));
                }
            }
        }
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        complete.completeExceptionally(failure);
    }
}
