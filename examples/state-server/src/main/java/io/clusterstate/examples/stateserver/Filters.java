package io.clusterstate.examples.stateserver;

import io.clusterstate.Query;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The filters in a query string. An unknown or repeated parameter is refused, since ignoring a filter would return too
 * much. A cluster's name has up to 255 letters, digits, hyphens and underscores (CreateCluster in the API reference of
 * Amazon ECS).
 */
record Filters(Map<String, String> values) {

    static final String STATUS = "status";
    static final String CLUSTER = "cluster";
    static final String ENDED = "ended";
    static final String ENTITY_VERSION = "entityVersion";

    private static final String NAME = "[a-zA-Z0-9_-]{1,255}";
    private static final String OWNER = "arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:";
    private static final Pattern CLUSTER_NAME = Pattern.compile(NAME);
    private static final Pattern CLUSTER_ARN = Pattern.compile(OWNER + "cluster/" + NAME);
    private static final Pattern ARN = Pattern.compile(OWNER + "[a-z-]+(/" + NAME + "){1,2}");
    private static final Pattern POSITIVE = Pattern.compile("0*[1-9][0-9]*");
    private static final Pattern IN_RANGE = Pattern.compile("0*[1-9][0-9]{0,17}");

    /** Reads the query string of a request. */
    static Filters of(Context call, Set<String> known) {
        Map<String, List<String>> parameters = parametersIn(call.queryString());
        if (!known.containsAll(parameters.keySet())) {
            throw HttpError.bad("At least one of the filters provided is unsupported");
        }
        if (parameters.values().stream().anyMatch(values -> values.size() > 1)) {
            throw HttpError.bad("At least one of the filters provided is specified multiple times");
        }
        Filters filters = new Filters(parameters.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, each -> each.getValue().get(0))));
        String cluster = filters.values.get(CLUSTER);
        if (cluster != null && !isCluster(cluster)) {
            throw HttpError.bad("Invalid cluster ARN or name");
        }
        return filters;
    }

    /** Decodes the parameters as UTF-8. The server's own decoder would skip parameters that it cannot decode. */
    private static Map<String, List<String>> parametersIn(@Nullable String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String part : query == null || query.isEmpty() ? List.<String>of() : List.of(query.split("&", -1))) {
            int equals = part.indexOf('=');
            String name = decoded(equals < 0 ? part : part.substring(0, equals));
            String value = equals < 0 ? "" : decoded(part.substring(equals + 1));
            parameters.computeIfAbsent(name, unknown -> new ArrayList<>()).add(value);
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw HttpError.bad("Invalid query string");
        }
    }

    static boolean isClusterName(String text) {
        return CLUSTER_NAME.matcher(text).matches();
    }

    /** Whether a text is an ARN of ECS, of the long or the short format. */
    static boolean isArn(String text) {
        return ARN.matcher(text).matches();
    }

    private static boolean isCluster(String text) {
        return isClusterName(text) || CLUSTER_ARN.matcher(text).matches();
    }

    /** The requested cluster's name or ARN; null for all clusters. */
    @Nullable String cluster() {
        return values.get(CLUSTER);
    }

    /** Whether to list only the entities that have ended, or only the others; null for all. */
    @Nullable Boolean ended() {
        String text = values.get(ENDED);
        if (text == null) {
            return null;
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw HttpError.bad("Invalid ended (expected: true or false)");
        }
        return text.equals("true");
    }

    /** The requested revision; null without one. */
    @Nullable Long entityVersion() {
        String text = values.get(ENTITY_VERSION);
        return text == null ? null : entityVersion(text);
    }

    static long entityVersion(String text) {
        if (!POSITIVE.matcher(text).matches()) {
            throw HttpError.bad("Invalid entity version");
        }
        if (!IN_RANGE.matcher(text).matches()) {
            throw HttpError.bad("Entity version is out of range");
        }
        return Long.parseLong(text);
    }

    /** Narrows a query by these filters. */
    <Q extends Query<?, Q>> Q narrow(Q all, Map<String, BiFunction<Q, String, Q>> known, Set<String> statuses) {
        Q narrowed = cluster() == null ? all : all.in(cluster());
        for (Map.Entry<String, BiFunction<Q, String, Q>> filter : known.entrySet()) {
            String value = values.get(filter.getKey());
            if (value != null) {
                narrowed = filter.getValue().apply(narrowed, checked(filter.getKey(), value, statuses));
            }
        }
        return narrowed;
    }

    private static String checked(String name, String value, Set<String> statuses) {
        if (!name.equals(STATUS)) {
            return value;
        }
        String status = value.toUpperCase(Locale.ROOT);
        if (!statuses.contains(status)) {
            throw HttpError.bad("Invalid status");
        }
        return status;
    }
}
