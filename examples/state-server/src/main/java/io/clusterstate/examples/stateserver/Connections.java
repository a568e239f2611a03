package io.clusterstate.examples.stateserver;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** The connection below a request. */
final class Connections {

    private Connections() {}

    /** Cuts it, so that a client cannot take half an answer for a whole one. */
    static void cut(HttpServletRequest request) {
        ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }
}
