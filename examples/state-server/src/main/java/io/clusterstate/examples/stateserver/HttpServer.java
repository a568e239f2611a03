package io.clusterstate.examples.stateserver;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.compression.Gzip;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.staticfiles.Location;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server and its routes. */
final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int LARGEST_HEADERS = 16 * 1024;
    private static final int LARGEST_BODY = 1_024;
    /** The limit of connections beside the streams. Further connections wait, unanswered, until others close. */
    private static final int OTHER_CONNECTIONS = 1_000;
    /** The limit of silence on a connection. The load balancer in deploy/ has a shorter one. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final int GZIP_LEVEL = 1;

    private final ScheduledExecutorService pulse = timer();
    private final Streams streams;
    private final Meters meters;
    private final Places places;
    private final Histories histories;
    private final Javalin server;

    /** Makes a server that does not listen yet. */
    HttpServer(StateSource source, Options options) {
        AllowedHosts hosts = new AllowedHosts(options.allowedHosts, options.address());
        this.streams = new Streams(options.maxStreams, options.patience, pulse);
        this.meters = new Meters(source, streams);
        this.places = new Places(source);
        this.histories = Histories.open(options, places);
        meters.add(histories);
        this.server = Javalin.create(config -> {
            configure(config, options);
            config.routes.before(new Guard(options.maxRate, hosts)::check);
            config.routes.after(HttpServer::knowAnyTag);
            config.requestLogger.http(meters::answered);
            addRoutes(config, source, options);
            ErrorResponses.addTo(config.routes);
        });
    }

    /** A timer that forgets what is cancelled, such as the limit of an answer that is written, with its request. */
    static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "css-pulse");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** Starts to listen. Until the state is ready, requests for it get the reason. */
    void listen() {
        server.start();
    }

    private void addRoutes(JavalinConfig config, StateSource source, Options options) {
        Supplier<FreshnessJson> freshness = () -> FreshnessJson.of(source, options.maxStale);
        InstantSource clock = InstantSource.system();
        List<Kind<?, ?>> kinds = Kind.all(options.showEnvironment);
        ItemJson items = ItemJson.full(kinds);
        ItemJson brief = ItemJson.brief(kinds);
        LineStreams lines = new LineStreams(places, items, streams);
        Routes routes = new Routes(config.routes);
        lines.addTo(routes, kinds);
        new Lists(places, items, brief, pulse, options.answersWithin).addTo(routes, kinds);
        new EventStreams(places, items, streams, freshness, clock).addTo(routes);
        new EventStreams(places, brief, streams, freshness, clock).addTo(routes);
        new History(places, histories).addTo(routes);
        new ServerStatus(source, histories, freshness, meters, streams, clock).addTo(routes);
        Trend trend = new Trend(places.views(), clock);
        trend.addTo(routes);
        Future<?> unused = pulse.scheduleAtFixedRate(
                trend::sample, Trend.STEP.toSeconds(), Trend.STEP.toSeconds(), TimeUnit.SECONDS);
        new PrometheusTargets(places, pulse, options.answersWithin).addTo(routes);
    }

    /** Answers a client that has any version of a file of the page. The framework knows only single tags. */
    private static void knowAnyTag(Context call) {
        if (call.statusCode() == 200
                && !call.res().isCommitted()
                && "*".equals(call.header("If-None-Match"))
                && call.res().getHeader("ETag") != null) {
            call.status(304).result("");
        }
    }

    private static void configure(JavalinConfig config, Options options) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = LARGEST_BODY;
        config.http.compressionStrategy = new CompressionStrategy(null, new Gzip(GZIP_LEVEL));
        config.staticFiles.add(page -> {
            page.directory = "/page";
            page.location = Location.CLASSPATH;
            page.headers = Map.of("Cache-Control", "no-cache");
        });
        config.jetty.modifyHttpConfiguration(HttpServer::configure);
        config.jetty.modifyServletContextHandler(
                context -> context.getServletHandler().setDecodeAmbiguousURIs(true));
        config.jetty.modifyServer(server -> server.setErrorHandler(new UnroutedErrors()));
        config.jetty.addConnector((server, http) -> connector(server, http, options));
    }

    /** Allows escaped slashes, which ARNs in paths may have. */
    private static void configure(HttpConfiguration http) {
        http.setRequestHeaderSize(LARGEST_HEADERS);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setUriCompliance(UriCompliance.from("RFC3986,AMBIGUOUS_PATH_SEPARATOR"));
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, Options options) {
        InetSocketAddress address = options.address();
        ServerConnector connector = new HeaderDeadline(server, http, options.headersWithin);
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(IDLE.toMillis());
        server.addBean(new NetworkConnectionLimit(options.maxStreams + OTHER_CONNECTIONS, connector));
        return connector;
    }

    int port() {
        return server.port();
    }

    /** The routes, in OpenAPI's notation. */
    Set<String> routes() {
        return server.unsafe.internalRouter.allHttpHandlers().stream()
                .filter(route -> HandlerType.GET.equals(route.endpoint.method))
                .map(route -> route.endpoint.path.replace('<', '{').replace('>', '}'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The server below the routes. */
    Server jetty() {
        return server.jettyServer().server();
    }

    int openStreams() {
        return streams.count();
    }

    /** Ends the streams with a last message, and stops listening. */
    @Override
    public void close() {
        try {
            streams.close();
        } finally {
            pulse.shutdownNow();
            stop();
            histories.close();
        }
    }

    private void stop() {
        try {
            server.stop();
        } catch (RuntimeException e) {
            LOG.warn("the server did not stop cleanly", e);
        } finally {
            meters.close();
        }
    }
}
