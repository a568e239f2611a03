package io.clusterstate.examples.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the lists of a state server. */
final class StateServerClient {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ObjectMapper json = new ObjectMapper();
    private final String url;

    StateServerClient(String url) {
        this.url = url.replaceAll("/+$", "");
    }

    /** The entities of a list. {@code filters} are names and values, alternating; an empty value is no filter. */
    List<JsonNode> items(String list, String... filters) throws IOException, InterruptedException {
        List<String> query = new ArrayList<>();
        for (int i = 0; i < filters.length; i += 2) {
            if (!filters[i + 1].isEmpty()) {
                query.add(filters[i] + '=' + URLEncoder.encode(filters[i + 1], StandardCharsets.UTF_8));
            }
        }
        List<JsonNode> entities = new ArrayList<>();
        String path = "/v1/" + list + (query.isEmpty() ? "" : "?" + String.join("&", query));
        JsonNode items = json.readTree(get(path)).path("items");
        if (!items.isArray()) {
            throw new IOException(url + path + ": no list (expected: a state server; see --url)");
        }
        items.forEach(item -> entities.add(item.path("entity")));
        return entities;
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(path));
        if (answer.statusCode() != 200) {
            throw new IOException(url + path + ": " + answer.statusCode() + ' ' + answer.body() + " (expected: 200)");
        }
        return answer.body();
    }

    private HttpRequest request(String path) {
        try {
            return HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--url: " + url + " (expected: one such as http://localhost:3000)", e);
        }
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new IOException(url + ": connection refused (expected: a state server; see --url)", e);
        }
    }
}
