package io.clusterstate.examples.stateserver;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Accepts connections whose clients must end the headers of a request within a time of its first byte. Jetty itself
 * only limits the pause between two bytes, so a client that sends a byte now and then could stay forever.
 */
final class HeaderDeadline extends ServerConnector implements HttpConfiguration.Customizer {

    private final Duration limit;

    HeaderDeadline(Server server, HttpConfiguration http, Duration limit) {
        super(server, new HttpConnectionFactory(http));
        this.limit = limit;
        http.addCustomizer(this);
    }

    @Override
    protected DeadlineEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        DeadlineEndPoint endPoint = new DeadlineEndPoint(channel, selector, key, getScheduler(), limit);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    /** Jetty calls it when the headers of a request are complete. */
    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        if (request.getConnectionMetaData().getConnection().getEndPoint() instanceof DeadlineEndPoint endPoint) {
            endPoint.headersEnded();
            request.addHttpStreamWrapper(stream -> new Answer(stream, endPoint));
        }
        return request;
    }

    /** The answer to a request, after which the next request may begin. */
    private static final class Answer extends HttpStream.Wrapper {

        private final DeadlineEndPoint endPoint;

        Answer(HttpStream stream, DeadlineEndPoint endPoint) {
            super(stream);
            this.endPoint = endPoint;
        }

        @Override
        public void succeeded() {
            endPoint.answered(); // before the next request is read
            super.succeeded();
        }
    }
}
