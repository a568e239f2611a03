package io.clusterstate.examples.stateserver;

import io.clusterstate.simulator.Simulator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that runs: what is mirrored or read, and the HTTP server in front of it. */
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
     * Starts one. It answers at once, with 503 where the state is not there yet.
     *
     * @param options what is asked for
     * @param etcdPassword of etcd's user; null if none is needed
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

    /** Where it listens. */
    int port() {
        return http.port();
    }

    /** The routes, as OpenAPI writes them. */
    Set<String> routes() {
        return http.routes();
    }

    StateSource source() {
        return source;
    }

    /** What is mirrored, if it is simulated. */
    Optional<Simulator> simulator() {
        return access.simulator();
    }

    /**
     * Ends the streams with a word, stops listening, hands messages back that are not done with, and returns within 10
     * s.
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
