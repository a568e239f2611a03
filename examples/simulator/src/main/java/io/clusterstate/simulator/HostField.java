package io.clusterstate.simulator;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A subject of the cluster query language.
 *
 * @param values the values that a host has; none if it lacks the subject
 * @param order the order of two values, which refuses values that the subject cannot have
 * @param operators the operators that take the subject
 */
record HostField(Function<LiveHost, List<String>> values, Comparator<String> order, Set<String> operators) {
    private static final String ATTRIBUTE = "attribute:";
    private static final Set<String> OF_TEXTS = Set.of("==", "!=", "in", "!in", "=~", "!~");
    private static final Set<String> OF_AMOUNTS = Set.of("==", "!=", ">", ">=", "<", "<=");
    private static final Set<String> ALL = Stream.of(OF_TEXTS, OF_AMOUNTS, Set.of("exists", "!exists"))
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());
    private static final DateTimeFormatter TIME = DateTimeFormatter.ISO_DATE_TIME;

    /** The subject of a name; empty if there is none. */
    static Optional<HostField> named(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "agentConnected" ->
                        text(it -> String.valueOf(it.instance().agentConnected()));
                    case "agentVersion" ->
                        amount(it -> it.instance().versionInfo().agentVersion(), HostField::compareVersions);
                    case "ec2InstanceId" -> text(it -> it.instance().ec2InstanceId());
                    case "registeredAt" ->
                        amount(it -> it.instance().registeredAt().toString(), Comparator.comparing(HostField::timeOf));
                    case "runningTasksCount" ->
                        amount(
                                it -> String.valueOf(it.taskCounts().running()),
                                Comparator.comparing(HostField::numberOf));
                    case "task:group" -> new HostField(HostField::groups, Comparator.naturalOrder(), ALL);
                    default -> name.startsWith(ATTRIBUTE) ? attribute(name.substring(ATTRIBUTE.length())) : null;
                });
    }

    /** An attribute of an instance, which an instance can have without a value. */
    static HostField attribute(String name) {
        return new HostField(
                host -> host.instance().attributes().stream()
                        .filter(it -> it.name().equals(name))
                        .map(it -> Objects.requireNonNullElse(it.value(), ""))
                        .toList(),
                HostField::compareTexts,
                ALL);
    }

    boolean exists(LiveHost host) {
        return !values.apply(host).isEmpty();
    }

    List<String> valuesOf(LiveHost host) {
        return values.apply(host);
    }

    int compare(String own, String wanted) {
        return order.compare(own, wanted);
    }

    private static HostField text(Function<LiveHost, String> value) {
        return new HostField(host -> List.of(value.apply(host)), Comparator.naturalOrder(), OF_TEXTS);
    }

    private static HostField amount(Function<LiveHost, String> value, Comparator<String> order) {
        return new HostField(host -> List.of(value.apply(host)), order, OF_AMOUNTS);
    }

    /** The groups of the tasks that shall run on a host. */
    private static List<String> groups(LiveHost host) {
        return host.tasks().stream()
                .filter(it -> !it.isStopping())
                .map(it -> it.task().group())
                .distinct()
                .toList();
    }

    /** Compares whole numbers by value, and other texts by their characters. */
    private static int compareTexts(String own, String wanted) {
        boolean areNumbers = own.matches("-?[0-9]{1,18}") && wanted.matches("-?[0-9]{1,18}");
        return areNumbers ? Long.compare(Long.parseLong(own), Long.parseLong(wanted)) : own.compareTo(wanted);
    }

    private static int compareVersions(String own, String wanted) {
        var ownParts = own.split("\\.", -1);
        var wantedParts = wanted.split("\\.", -1);
        for (int i = 0; i < Math.max(ownParts.length, wantedParts.length); i++) {
            int order = compareTexts(
                    i < ownParts.length ? ownParts[i] : "0", i < wantedParts.length ? wantedParts[i] : "0");
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static long numberOf(String text) {
        if (!text.matches("-?[0-9]{1,18}")) {
            throw EcsError.invalid("runningTasksCount: " + text + " (expected: a number)");
        }
        return Long.parseLong(text);
    }

    /** A time, in UTC without an offset. A date is its midnight. */
    private static Instant timeOf(String text) {
        try {
            if (text.length() <= "2018-06-18".length()) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            return TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from) instanceof OffsetDateTime offset
                    ? offset.toInstant()
                    : LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw EcsError.invalid(
                    "registeredAt: " + text + " (expected: a date or a time such as 2018-06-18T22:28:28Z)");
        }
    }
}
