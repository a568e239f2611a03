package io.clusterstate.examples.stateserver;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

/** Access to the connection of a request. */
final class Connections {

    private Connections() {}

    /** Cuts the connection, so that the client cannot take half an answer for a whole answer. */
    static void cut(HttpServletRequest request) {
        ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }

    /** Runs the action when the whole answer is with the network, or has failed; on any thread. */
    static void whenAnswered(HttpServletRequest request, Runnable action) {
        Request.addCompletionListener(ServletContextRequest.getServletContextRequest(request), failure -> action.run());
    }
}
