package io.clusterstate.archive;

import io.clusterstate.archive.EndedTask.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything of an ended task that a search looks at, but its id and its time. Equal tasks share a profile, so that a
 * search tests each profile once, and memory follows the number of different ends.
 *
 * <p>Thread: immutable.
 */
final class TaskProfile {

    /** The parts, by which profiles are equal. */
    record Parts(
            String arnPrefix,
            String clusterArn,
            @Nullable String group,
            @Nullable String family,
            @Nullable String stopCode,
            @Nullable String stoppedReason,
            List<Container> containers) {}

    /** A cause without its tasks. */
    record Cause(@Nullable String stopCode, @Nullable String reason, @Nullable Integer exitCode) {}

    private final Parts parts;
    /** The service's name; null without one. */
    private final @Nullable String service;
    /** The reasons in lower case. */
    private final String reasons;
    /** All searchable words in lower case, a line for each text. */
    private final String words;

    private final Cause cause;

    TaskProfile(Parts parts) {
        this.parts = parts;
        this.service = EndedTask.serviceIn(parts.group());
        String given = String.join(": ", reasonsOf(parts));
        this.reasons = given.toLowerCase(Locale.ROOT);
        this.words = Stream.concat(
                        Stream.of(parts.arnPrefix(), service, parts.family(), parts.stopCode(), given),
                        parts.containers().stream().flatMap(TaskProfile::wordsOf))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"))
                .toLowerCase(Locale.ROOT);
        this.cause = new Cause(parts.stopCode(), given.isEmpty() ? null : CauseText.of(given), exitCodeOf(parts));
    }

    private static Stream<@Nullable String> wordsOf(Container container) {
        String code = container.exitCode() == null ? null : "exit " + container.exitCode();
        return Stream.of(container.name(), container.image(), code);
    }

    private static List<String> reasonsOf(Parts parts) {
        List<String> reasons = new ArrayList<>();
        Stream.concat(
                        Stream.of(parts.stoppedReason()),
                        parts.containers().stream().map(Container::reason))
                .filter(reason -> reason != null && !reason.isEmpty() && !reasons.contains(reason))
                .forEach(reasons::add);
        return reasons;
    }

    private static @Nullable Integer exitCodeOf(Parts parts) {
        List<Integer> codes = parts.containers().stream()
                .map(Container::exitCode)
                .filter(Objects::nonNull)
                .toList();
        return codes.stream().filter(code -> code != 0).findFirst().orElse(codes.isEmpty() ? null : 0);
    }

    Parts parts() {
        return parts;
    }

    @Nullable String service() {
        return service;
    }

    String reasons() {
        return reasons;
    }

    String words() {
        return words;
    }

    Cause cause() {
        return cause;
    }

    boolean hasExitCode(int code) {
        return parts.containers().stream().anyMatch(each -> Objects.equals(each.exitCode(), code));
    }
}
