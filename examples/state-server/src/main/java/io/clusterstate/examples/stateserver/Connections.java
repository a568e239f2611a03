package io.clusterstate.examples.stateserver;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

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

    /** Runs when the answer has been handed to the network up to its end, or has failed; on any thread. */
    static void whenAnswered(HttpServletRequest request, Runnable action) {
        Request.addCompletionListener(ServletContextRequest.getServletContextRequest(request), failure -> action.run());
    }
}
