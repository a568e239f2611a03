package io.clusterstate.examples.stateserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves another server under a first part of the path, as the stage of an API does, and knows no other path. */
final class PrefixProxy implements AutoCloseable {

    private final String prefix;
    private final int target;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> outside = new ConcurrentLinkedQueue<>();

    PrefixProxy(String prefix, int target) throws IOException {
        this.prefix = prefix;
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::refuse);
        server.createContext(prefix + "/", this::forward);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + prefix + "/");
    }

    /** The paths of requests that did not begin with the prefix. */
    List<String> outside() {
        return List.copyOf(outside);
    }

    private void refuse(HttpExchange exchange) throws IOException {
        outside.add(exchange.getRequestURI().getPath());
        exchange.sendResponseHeaders(403, -1);
        exchange.close();
    }

    private void forward(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString().substring(prefix.length());
        URI address = URI.create("http://127.0.0.1:" + target + path);
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        try (exchange) {
            int status = connection.getResponseCode();
            connection.getHeaderFields().forEach((name, values) -> {
                if (name != null && !name.equalsIgnoreCase("Transfer-Encoding")) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(status, 0);
            InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            copy(body, exchange.getResponseBody());
        } finally {
            connection.disconnect();
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            to.write(buffer, 0, read);
            to.flush();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
