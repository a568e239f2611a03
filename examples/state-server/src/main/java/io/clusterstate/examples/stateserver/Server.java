package io.clusterstate.examples.stateserver;

import io.clusterstate.simulator.Simulator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running state server: the source of the state, and the HTTP server in front of it. */
final class Server implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final EcsAccess access;
    private final StateSource source;
    private final HttpServer http;

    private Server(EcsAccess access, StateSource source, HttpServer http) {
        this.access = access;
        this.source = source;
        this.http = http;
    }

    /**
     * Starts a server. It listens immediately, and answers 503 until the state is ready.
     *
     * @param options the options
     * @param etcdPassword the password of etcd's user; null if none is needed
     */
    static Server start(Options options, @Nullable String etcdPassword) {
        options.validate();
        EcsAccess access = EcsAccess.open(options);
        try {
            StateSource source = access.source(options, etcdPassword);
            Server server = new Server(access, source, new HttpServer(source, options));
            server.begin(options);
            return server;
        } catch (RuntimeException e) {
            access.close();
            throw e;
        }
    }

    private void begin(Options options) {
        try {
            http.listen();
            source.start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        simulator().ifPresent(simulator -> simulator.drive(options.simulateRate));
        LOG.atInfo()
                .addKeyValue("bind", options.bind)
                .addKeyValue("port", http.port())
                .addKeyValue("store", options.storeKind())
                .addKeyValue("queue", options.queueName())
                .addKeyValue("simulate", options.simulate)
                .log("serving");
    }

    /** The port that the server listens on. */
    int port() {
        return http.port();
    }

    /** The routes, in OpenAPI's notation. */
    Set<String> routes() {
        return http.routes();
    }

    StateSource source() {
        return source;
    }

    /** The simulator; empty for an AWS account. */
    Optional<Simulator> simulator() {
        return access.simulator();
    }

    /**
     * Ends the streams with a last message, stops listening, hands unsettled messages back, and returns within 10 s.
     */
    @Override
    public void close() {
        try {
            http.close();
        } finally {
            closeSource();
        }
        LOG.info("stopped");
    }

    private void closeSource() {
        try {
            source.close();
        } finally {
            access.close();
        }
    }
}
