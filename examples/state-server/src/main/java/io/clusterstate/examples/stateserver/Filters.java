package io.clusterstate.examples.stateserver;

import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.mirror.MirrorPlace;
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
import java.util.stream.Stream;
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
    static final String AFTER = "after";
    static final String REGION = "region";
    static final String ACCOUNT = "account";
    static final String SERVICE = "service";
    static final String SAME_CAUSE_AS = "sameCauseAs";

    /** The filters whose value may be an ARN of ECS, which names its Region and account. */
    private static final Set<String> ARNS = Set.of(CLUSTER, SERVICE, SAME_CAUSE_AS);

    private static final String NAME = "[a-zA-Z0-9_-]{1,255}";
    private static final String OWNER = "arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:";
    private static final Pattern CLUSTER_NAME = Pattern.compile(NAME);
    private static final Pattern CLUSTER_ARN = Pattern.compile(OWNER + "cluster/" + NAME);
    private static final Pattern ARN = Pattern.compile(OWNER + "[a-z-]+(/" + NAME + "){1,2}");
    private static final Pattern REGION_NAME = Pattern.compile("[a-z]+(-[a-z]+)+-[0-9]+");
    private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");
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
        filters.check(REGION, REGION_NAME);
        filters.check(ACCOUNT, ACCOUNT_ID);
        return filters;
    }

    private void check(String name, Pattern pattern) {
        String value = values.get(name);
        if (value != null && !pattern.matcher(value).matches()) {
            throw HttpError.bad("Invalid " + name);
        }
    }

    /** Whether a place may have entities that are asked for: its Region, its account, and the home of each ARN. */
    boolean isAskedFor(MirrorPlace place) {
        return isOrAll(REGION, place.region())
                && place.account().filter(account -> !isOrAll(ACCOUNT, account)).isEmpty()
                && arns().allMatch(arn -> Places.isHome(place, arn));
    }

    private Stream<EcsArn> arns() {
        return ARNS.stream()
                .flatMap(name -> Stream.ofNullable(values.get(name)))
                .flatMap(value -> EcsArn.parse(value).stream());
    }

    /** Whether a Region or an account is asked for. */
    boolean hasPlace() {
        return values.containsKey(REGION) || values.containsKey(ACCOUNT);
    }

    /** Whether the Region and the account of an entity are asked for. */
    boolean isAskedFor(String arn) {
        return !hasPlace()
                || EcsArn.parse(arn)
                        .filter(parsed -> isOrAll(REGION, parsed.region()) && isOrAll(ACCOUNT, parsed.account()))
                        .isPresent();
    }

    /** The entities of a query whose Region and account are asked for. */
    <T> Stream<Observed<T>> asked(Query<T, ?> found) {
        return found.observed().filter(each -> isAskedFor(each.arn()));
    }

    private boolean isOrAll(String name, String actual) {
        return actual.equals(values.getOrDefault(name, actual));
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

    /**
     * The revisions that the client has seen; null for changes from now on. {@code entityVersion} names the first
     * revision to send, of the only place. {@code after} names the last ones that the client has.
     */
    @Nullable Revisions after(boolean areSeveral) {
        String after = values.get(AFTER);
        String from = values.get(ENTITY_VERSION);
        if (from == null) {
            return after == null ? null : Revisions.parse(after);
        }
        long version = entityVersion(from);
        if (areSeveral) {
            throw HttpError.bad("Invalid entity version (expected: after, with several Regions or accounts)");
        }
        if (after != null) {
            throw HttpError.bad("Invalid after (expected: none, with entityVersion)");
        }
        return Revisions.only(version - 1);
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
