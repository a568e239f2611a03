package io.clusterstate.examples.stateserver;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** Registers handlers for GET, and for HEAD if the answer ends. */
final class Routes {

    private final RoutesConfig routes;

    Routes(RoutesConfig routes) {
        this.routes = routes;
    }

    /** Registers an answer that ends. HEAD gets its status and headers. */
    void get(String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    /** Registers an endless answer, for which HEAD is refused. */
    void stream(String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, call -> {
            call.header("Allow", "GET");
            throw new HttpError(405, "Only GET is answered");
        });
    }
}
