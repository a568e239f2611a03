package io.clusterstate.examples.stateserver;

import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.mirror.MirrorPlace;
import io.clusterstate.mirror.Mirrors;
import io.clusterstate.simulator.Simulator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running state server: the source of the state, and the HTTP server in front of it. */
final class Server implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final List<EcsAccess> access;
    private final StateSource source;
    private final HttpServer http;

    private Server(List<EcsAccess> access, StateSource source, HttpServer http) {
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
        List<EcsAccess> access = new ArrayList<>();
        try {
            StateSource source = open(options, etcdPassword, access);
            Server server = new Server(access, source, new HttpServer(source, options));
            server.begin(options);
            return server;
        } catch (RuntimeException e) {
            access.forEach(EcsAccess::close);
            throw e;
        }
    }

    /** Opens the places, and lists each opened one at once, in case a later one fails. */
    private static StateSource open(Options options, @Nullable String etcdPassword, List<EcsAccess> opened) {
        List<Place> places = options.where.places();
        for (Place place : places) {
            opened.add(EcsAccess.open(options, place, opened.size()));
        }
        if (!options.where.isSeveral()) {
            return opened.get(0).source(options, etcdPassword);
        }
        Map<MirrorPlace, EcsAccess> access = new LinkedHashMap<>();
        places.forEach(place -> access.put(place.name().orElseThrow(), opened.get(access.size())));
        return several(options, etcdPassword, access);
    }

    private static EcsAccess at(Map<MirrorPlace, EcsAccess> access, MirrorPlace place) {
        return Objects.requireNonNull(access.get(place), () -> place + ": no access");
    }

    private static StateSource several(
            Options options, @Nullable String etcdPassword, Map<MirrorPlace, EcsAccess> access) {
        if (!options.simulate && options.where.queues.isEmpty()) {
            Map<MirrorPlace, ReaderSource> readers = new LinkedHashMap<>();
            access.keySet()
                    .forEach(place -> readers.put(
                            place,
                            new ReaderSource(EtcdStateReader.of(options.etcd(etcdPassword, Optional.of(place))))));
            return SeveralSources.of(readers);
        }
        Mirrors mirrors = Mirrors.builder()
                .places(access.keySet().toArray(new MirrorPlace[0]))
                .ecs(place -> at(access, place).ecs())
                .events(place -> at(access, place).events())
                .store(place -> EcsAccess.store(options, etcdPassword, Optional.of(place)))
                .each((place, mirror) -> EcsAccess.settings(options, mirror))
                .build();
        return SeveralSources.of(mirrors, List.copyOf(access.keySet()));
    }

    private void begin(Options options) {
        try {
            http.listen();
            source.start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        simulators().forEach(simulator -> simulator.drive(options.simulateRate));
        LOG.atInfo()
                .addKeyValue("bind", options.bind)
                .addKeyValue("port", http.port())
                .addKeyValue("store", options.storeKind())
                .addKeyValue("queue", options.where.queues)
                .addKeyValue("regions", options.where.regions)
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

    /** The simulator of the first place; empty for an AWS account. */
    Optional<Simulator> simulator() {
        return simulators().stream().findFirst();
    }

    /** The simulators, in the order of the places. */
    List<Simulator> simulators() {
        return access.stream().flatMap(each -> each.simulator().stream()).toList();
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
            access.forEach(EcsAccess::close);
        }
    }
}
