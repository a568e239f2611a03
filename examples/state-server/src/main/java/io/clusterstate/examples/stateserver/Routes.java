package io.clusterstate.examples.stateserver;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** Where answers are registered, so that each can be asked for by GET and what ends by HEAD, too. */
final class Routes {

    private final RoutesConfig routes;

    Routes(RoutesConfig routes) {
        this.routes = routes;
    }

    /** An answer that ends. HEAD gets its status and headers. */
    void get(String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    /** One that does not, of which there is no head that would say whether it ends. */
    void stream(String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, call -> {
            call.header("Allow", "GET");
            throw new HttpError(405, "Only GET is answered");
        });
    }
}
