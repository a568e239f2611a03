package io.clusterstate.preflight;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.document.Document;

/**
 * An event pattern of EventBridge, judged for all the events of a detail-type of ECS.
 *
 * <p>Source: the EventBridge user guide, "Comparison operators for use in event patterns"; the ECS developer guide,
 * "Amazon ECS events".
 */
record EventPattern(Map<String, Document> fields) {

    static final String DEPLOYMENTS = "ECS Deployment State Change";
    /** The detail-types that a mirror uses. */
    static final List<String> NEEDED =
            List.of("ECS Task State Change", "ECS Container Instance State Change", "ECS Service Action", DEPLOYMENTS);

    private static final String SOURCE = "source";
    private static final String DETAIL = "detail";
    private static final String CLUSTER = "clusterArn";

    /**
     * The events of an account.
     *
     * @param clusterArns the clusters that the mirror selects; none if they are not known
     */
    record Origin(String account, String region, Set<String> clusterArns) {}

    static Optional<EventPattern> parse(String text) {
        return Json.object(text).map(EventPattern::new);
    }

    /** Whether the pattern passes every event of a detail-type. */
    Verdict passes(String detailType, Origin origin) {
        Verdict all = Verdict.YES;
        for (Map.Entry<String, Document> each : fields.entrySet()) {
            all = all.and(
                    switch (each.getKey()) {
                        case SOURCE -> matches("aws.ecs", each.getValue());
                        case "detail-type" -> matches(detailType, each.getValue());
                        case "account" -> matches(origin.account(), each.getValue());
                        case "region" -> matches(origin.region(), each.getValue());
                        case "version" -> matches("0", each.getValue());
                        case DETAIL -> passesDetail(detailType, each.getValue(), origin);
                        case "replay-name" -> matches(null, each.getValue());
                        default -> Verdict.UNKNOWN;
                    });
        }
        return all;
    }

    /** The filters beyond source and detail-type. */
    List<String> filters() {
        return fields.entrySet().stream()
                .filter(each -> !Set.of(SOURCE, "detail-type").contains(each.getKey()))
                .flatMap(each -> each.getKey().equals(DETAIL) && each.getValue().isMap()
                        ? each.getValue().asMap().keySet().stream().map(key -> DETAIL + "." + key)
                        : java.util.stream.Stream.of(each.getKey()))
                .toList();
    }

    private static Verdict passesDetail(String detailType, Document detail, Origin origin) {
        if (!detail.isMap()) {
            return Verdict.UNKNOWN;
        }
        Verdict all = Verdict.YES;
        for (Map.Entry<String, Document> each : detail.asMap().entrySet()) {
            boolean isCluster = each.getKey().equals(CLUSTER);
            all = all.and(isCluster ? passesClusters(detailType, each.getValue(), origin) : narrows(each.getValue()));
        }
        return all;
    }

    /** An event of a deployment names no cluster, so a filter by cluster drops it. */
    private static Verdict passesClusters(String detailType, Document filter, Origin origin) {
        if (detailType.equals(DEPLOYMENTS)) {
            return matches(null, filter);
        }
        if (origin.clusterArns().isEmpty()) {
            return Verdict.UNKNOWN;
        }
        return origin.clusterArns().stream().map(each -> matches(each, filter)).reduce(Verdict.YES, Verdict::and);
    }

    /** A list of plain values drops every event with another value; other filters are not understood. */
    private static Verdict narrows(Document filter) {
        boolean isPlain = filter.isList() && filter.asList().stream().noneMatch(Document::isMap);
        return isPlain ? Verdict.NO : Verdict.UNKNOWN;
    }

    /** Whether a value matches one of a list of filters; null for an absent field. */
    private static Verdict matches(@Nullable String value, Document filters) {
        if (!filters.isList()) {
            return Verdict.UNKNOWN;
        }
        return filters.asList().stream()
                .map(each -> each.isMap() ? matches(value, each.asMap()) : Verdict.of(equal(value, each)))
                .reduce(Verdict.NO, Verdict::or);
    }

    private static boolean equal(@Nullable String value, Document filter) {
        return value != null && filter.isString() && filter.asString().equals(value);
    }

    private static Verdict matches(@Nullable String value, Map<String, Document> filter) {
        if (filter.size() != 1) {
            return Verdict.UNKNOWN;
        }
        Map.Entry<String, Document> only = filter.entrySet().iterator().next();
        if (only.getKey().equals("exists") && only.getValue().isBoolean()) {
            return Verdict.of(only.getValue().asBoolean() == (value != null));
        }
        if (value == null) {
            return Verdict.NO;
        }
        return only.getKey().equals("anything-but")
                ? notAny(value, only.getValue())
                : matches(value, only.getKey(), only.getValue());
    }

    private static Verdict notAny(String value, Document names) {
        boolean isPlain = Json.list(names).stream().allMatch(Document::isString);
        return isPlain ? Verdict.of(!Json.texts(names).contains(value)) : Verdict.UNKNOWN;
    }

    private static Verdict matches(String value, String operator, Document operand) {
        if (!operand.isString()) {
            return Verdict.UNKNOWN;
        }
        String text = operand.asString();
        return switch (operator) {
            case "prefix" -> Verdict.of(value.startsWith(text));
            case "suffix" -> Verdict.of(value.endsWith(text));
            case "equals-ignore-case" ->
                Verdict.of(value.toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT)));
            case "wildcard" -> text.contains("\\") ? Verdict.UNKNOWN : wildcard(text, value);
            default -> Verdict.UNKNOWN;
        };
    }

    private static Verdict wildcard(String pattern, String value) {
        return pattern.contains("?") ? Verdict.UNKNOWN : Verdict.of(Glob.matches(pattern, value));
    }
}
