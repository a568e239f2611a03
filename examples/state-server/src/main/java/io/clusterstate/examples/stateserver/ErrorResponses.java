package io.clusterstate.examples.stateserver;

import io.clusterstate.NotReadyException;
import io.clusterstate.RevisionOutOfRangeException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers to failed requests: text without a trace of the code. */
final class ErrorResponses {

    static final String TEXT = "text/plain; charset=UTF-8";

    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);

    private ErrorResponses() {}

    static void addTo(RoutesConfig routes) {
        routes.exception(HttpError.class, (refusal, call) -> answer(call, refusal.status(), refusal.text()));
        routes.exception(
                RevisionOutOfRangeException.class, (e, call) -> answer(call, 400, "Entity version is out of range"));
        routes.exception(NotReadyException.class, (e, call) -> {
            call.header("Retry-After", "1");
            answer(call, 503, "Not ready: " + e.getMessage());
        });
        routes.exception(
                HttpResponseException.class, (e, call) -> answer(call, e.getStatus(), String.valueOf(e.getMessage())));
        routes.exception(Exception.class, (e, call) -> {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("method", call.method())
                    .addKeyValue("path", call.path())
                    .log("a request failed");
            answer(call, 500, "Unexpected internal server error");
        });
    }

    /**
     * Answers with a text. If the answer has begun already, the connection is cut instead, so that half an answer is
     * not taken for a whole answer.
     */
    private static void answer(Context call, int status, String text) {
        if (call.res().isCommitted()) {
            Connections.cut(call.req());
            return;
        }
        call.removeHeader("ETag").status(status).contentType(TEXT).result(text);
    }
}
