package io.clusterstate.examples.stateserver;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;

/** The headers of every answer, which forbid a browser to use it elsewhere than on the server's own page. */
final class SecurityHeaders {

    private static final Map<String, String> ALL = new LinkedHashMap<>();

    static {
        ALL.put(
                "Content-Security-Policy",
                "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        ALL.put("Cross-Origin-Resource-Policy", "same-origin");
        ALL.put("Referrer-Policy", "no-referrer");
        ALL.put("X-Content-Type-Options", "nosniff");
        ALL.put("X-Frame-Options", "DENY");
    }

    private SecurityHeaders() {}

    static void addTo(Context call) {
        ALL.forEach(call::header);
    }

    static void addTo(HttpFields.Mutable fields) {
        ALL.forEach(fields::put);
    }
}
