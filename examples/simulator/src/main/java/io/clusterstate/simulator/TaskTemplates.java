package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All task definitions: families with all their revisions. */
final class TaskTemplates {
    /** The age of the task definitions with which the world begins; older than its tasks. */
    private static final Duration OLDEST = Duration.ofDays(60);

    private final Arns arns;
    private final Randomness random;
    private final Supplier<Instant> now;
    private final NavigableMap<String, List<LiveDefinition>> families = new TreeMap<>();

    /** Makes the families of all archetypes, which always exist. */
    TaskTemplates(Arns arns, Randomness random, Supplier<Instant> now) {
        this.arns = arns;
        this.random = random;
        this.now = now;
        Archetype.ALL.forEach(archetype -> begin(archetype.name(), archetype));
    }

    /** A new family for Fargate or hosts, whose tasks have their own network interfaces. */
    TaskTemplate interfacedFamily(String family) {
        return begin(family, random.oneOf(Archetype.INTERFACED));
    }

    /** A new family for hosts, which sometimes needs a GPU. */
    TaskTemplate hostedFamily(String family) {
        var group = random.chance(0.05)
                ? Archetype.ACCELERATED
                : random.chance(0.2) ? Archetype.INTERFACED : Archetype.BRIDGED;
        return begin(family, random.oneOf(group));
    }

    /** The next revision of a family: the same containers with newer images. */
    TaskTemplate nextRevision(TaskTemplate latest) {
        int revision = nextNumber(latest.family());
        var parts = renewed(latest.family(), latest.parts(), revision);
        var next = new TaskTemplate(
                latest.family(),
                revision,
                arns.taskDefinition(latest.family(), revision),
                latest.networkMode(),
                latest.fitsFargate(),
                latest.cpu(),
                latest.memory(),
                parts,
                latest.needs());
        return keep(LiveDefinition.invented(next, now.get(), arns)).template();
    }

    /** The number of the next revision of a family. Numbers of deregistered revisions are never given again. */
    int nextNumber(String family) {
        return families.getOrDefault(family, List.of()).size() + 1;
    }

    /** Adds the next revision of a family. */
    LiveDefinition keep(LiveDefinition definition) {
        families.computeIfAbsent(definition.template().family(), name -> new ArrayList<>())
                .add(definition);
        return definition;
    }

    /** The newest revision, of any status, of a family that always exists. */
    TaskTemplate known(String family) {
        var revisions = families.getOrDefault(family, List.of());
        return revisions.get(revisions.size() - 1).template();
    }

    /**
     * Finds a definition by family, which means its newest ACTIVE revision, or by family:revision or ARN, which also
     * finds INACTIVE revisions.
     */
    Optional<LiveDefinition> find(String reference) {
        var name = Arns.lastSegment(reference);
        int colon = name.indexOf(':');
        var revisions = families.getOrDefault(colon < 0 ? name : name.substring(0, colon), List.of());
        if (colon < 0) {
            return revisions.stream().filter(LiveDefinition::isActive).reduce((first, second) -> second);
        }
        var wanted = name.substring(colon + 1);
        return revisions.stream()
                .filter(it -> String.valueOf(it.template().revision()).equals(wanted))
                .findFirst();
    }

    /** All revisions, by family and then by number, or all in reverse. */
    Stream<LiveDefinition> sorted(boolean descending) {
        return descending
                ? families.descendingMap().values().stream().flatMap(TaskTemplates::reversed)
                : families.values().stream().flatMap(List::stream);
    }

    private static Stream<LiveDefinition> reversed(List<LiveDefinition> revisions) {
        return Stream.iterate(revisions.size() - 1, at -> at >= 0, at -> at - 1).map(revisions::get);
    }

    private TaskTemplate begin(String family, Archetype archetype) {
        int revision = nextNumber(family);
        var template = new TaskTemplate(
                family,
                revision,
                arns.taskDefinition(family, revision),
                archetype.networkMode(),
                archetype.fitsFargate(),
                archetype.cpu(),
                archetype.memory(),
                renewed(family, archetype.parts(), revision),
                TaskTemplate.Needs.NONE);
        return keep(LiveDefinition.invented(template, now.get().minus(OLDEST), arns))
                .template();
    }

    private List<TaskTemplate.Part> renewed(String family, List<TaskTemplate.Part> parts, int revision) {
        return parts.stream().map(part -> renewed(family, part, revision)).toList();
    }

    private TaskTemplate.Part renewed(String family, TaskTemplate.Part part, int revision) {
        return new TaskTemplate.Part(
                part.name(),
                arns.image(family + "/" + part.name(), "1." + revision + ".0"),
                newDigest(),
                part.cpu(),
                part.memory(),
                part.reservation(),
                part.gpus(),
                part.ports(),
                part.probed(),
                part.essential());
    }

    /** The digest of an image that was just pushed. */
    String newDigest() {
        return "sha256:" + random.hex(64);
    }
}
