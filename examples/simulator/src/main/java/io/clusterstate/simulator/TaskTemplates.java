package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All task definitions: families with all their revisions. They are made from a few archetypes, which always exist. */
final class TaskTemplates {
    private final Arns arns;
    private final Randomness random;
    private final Map<String, List<TaskTemplate>> families = new HashMap<>();
    private final List<Archetype> bridged = List.of(
            new Archetype("web", false, 256, 512, 0, part("nginx", 80), part("app", 8080)),
            new Archetype("worker", false, 512, 1024, 0, part("worker", 0)),
            new Archetype("resolver", false, 128, 256, 0, datagrams("resolver", 53)));
    private final List<Archetype> interfaced = List.of(
            new Archetype("api", true, 256, 512, 0, part("api", 8080), part("envoy", 9901)),
            new Archetype("batch", true, 512, 1024, 0, part("batch", 0)),
            new Archetype(
                    "search", true, 1024, 2048, 0, part("search", 9200), part("indexer", 0), part("logs", 24224)));
    private final List<Archetype> accelerated =
            List.of(new Archetype("trainer", false, 2048, 8192, 1, part("trainer", 0)));

    TaskTemplates(Arns arns, Randomness random) {
        this.arns = arns;
        this.random = random;
        for (var group : List.of(bridged, interfaced, accelerated)) {
            group.forEach(archetype -> revise(archetype.name(), archetype));
        }
    }

    /** A new family for Fargate or hosts, whose tasks have their own network interfaces. */
    TaskTemplate interfacedFamily(String family) {
        return revise(family, random.oneOf(interfaced));
    }

    /** A new family for hosts, which sometimes needs a GPU. */
    TaskTemplate hostedFamily(String family) {
        var group = random.chance(0.05) ? accelerated : random.chance(0.2) ? interfaced : bridged;
        return revise(family, random.oneOf(group));
    }

    /** The next revision of a family: the same containers with newer images. */
    TaskTemplate nextRevision(TaskTemplate latest) {
        var revisions = revisions(latest.family());
        int revision = revisions.size() + 1;
        var parts = latest.parts().stream()
                .map(part -> renewed(latest.family(), part, revision))
                .toList();
        return keep(new TaskTemplate(
                latest.family(),
                revision,
                arns.taskDefinition(latest.family(), revision),
                latest.awsvpc(),
                latest.cpu(),
                latest.memory(),
                latest.gpus(),
                parts));
    }

    /** Finds a template by family (newest revision), by family:revision, or by ARN. */
    Optional<TaskTemplate> find(String reference) {
        var name = Arns.lastSegment(reference);
        int colon = name.indexOf(':');
        var revisions = families.getOrDefault(colon < 0 ? name : name.substring(0, colon), List.of());
        if (revisions.isEmpty()) {
            return Optional.empty();
        }
        if (colon < 0) {
            return Optional.of(revisions.get(revisions.size() - 1));
        }
        var wanted = name.substring(colon + 1);
        return revisions.stream()
                .filter(it -> String.valueOf(it.revision()).equals(wanted))
                .findFirst();
    }

    private TaskTemplate revise(String family, Archetype archetype) {
        int revision = revisions(family).size() + 1;
        var parts = archetype.parts().stream()
                .map(part -> renewed(family, part, revision))
                .toList();
        return keep(new TaskTemplate(
                family,
                revision,
                arns.taskDefinition(family, revision),
                archetype.awsvpc(),
                archetype.cpu(),
                archetype.memory(),
                archetype.gpus(),
                parts));
    }

    private TaskTemplate.Part renewed(String family, TaskTemplate.Part part, int revision) {
        var image = arns.image(family + "/" + part.name(), "1." + revision + ".0");
        return new TaskTemplate.Part(
                part.name(),
                image,
                "sha256:" + random.hex(64),
                part.cpu(),
                part.memory(),
                part.port(),
                part.udp(),
                part.probed());
    }

    private TaskTemplate keep(TaskTemplate template) {
        revisions(template.family()).add(template);
        return template;
    }

    private List<TaskTemplate> revisions(String family) {
        return families.computeIfAbsent(family, name -> new ArrayList<>());
    }

    private static TaskTemplate.Part part(String name, int port) {
        return new TaskTemplate.Part(name, "", "", 0, 128, port, false, port == 8080);
    }

    private static TaskTemplate.Part datagrams(String name, int port) {
        return new TaskTemplate.Part(name, "", "", 0, 128, port, true, false);
    }

    private record Archetype(
            String name, boolean awsvpc, int cpu, int memory, int gpus, List<TaskTemplate.Part> parts) {
        Archetype(String name, boolean awsvpc, int cpu, int memory, int gpus, TaskTemplate.Part... parts) {
            this(name, awsvpc, cpu, memory, gpus, List.of(parts));
        }
    }
}
