package io.clusterstate.examples.stateserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Requests byte by byte, also those that no client library would send. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 20_000;

    private RawHttp() {}

    /**
     * An answer.
     *
     * @param status the status; 0 if the connection was cut without one
     * @param headers the headers, by name in any case
     * @param body the body
     */
    record Answer(int status, Map<String, String> headers, String body) {

        static Answer of(String text) {
            String head = text.split("\r\n\r\n", 2)[0];
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            Arrays.stream(head.split("\r\n"))
                    .skip(1)
                    .map(line -> line.split(": ?", 2))
                    .forEach(field -> headers.put(field[0], field[1]));
            int status = head.startsWith("HTTP/1.1 ") ? Integer.parseInt(head.substring(9, 12)) : 0;
            return new Answer(status, headers, text.substring(Math.min(text.length(), head.length() + 4)));
        }

        String header(String name) {
            return headers.getOrDefault(name, "none");
        }
    }

    /** Opens a connection. */
    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Sends some bytes, one a character, and then the end of the input; and reads everything. */
    static Answer ask(int port, String request) throws IOException {
        try (Socket socket = connect(port)) {
            send(socket, request);
            socket.shutdownOutput();
            return read(socket);
        }
    }

    /** Asks with a path and further headers, each ended by CRLF. */
    static Answer get(int port, String method, String path, String headers) throws IOException {
        return ask(
                port, method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n");
    }

    static void send(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads until the server ends the connection. */
    static Answer read(Socket socket) throws IOException {
        return Answer.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
}
