package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All task definitions: families in all their revisions, made from a few archetypes that always exist themselves. */
final class Catalogue {
    private final Arns arns;
    private final Dice dice;
    private final Map<String, List<Blueprint>> families = new HashMap<>();
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

    Catalogue(Arns arns, Dice dice) {
        this.arns = arns;
        this.dice = dice;
        for (var group : List.of(bridged, interfaced, accelerated)) {
            group.forEach(archetype -> revise(archetype.name(), archetype));
        }
    }

    /** A new family for Fargate or hosts, its tasks with interfaces of their own. */
    Blueprint interfacedFamily(String family) {
        return revise(family, dice.oneOf(interfaced));
    }

    /** A new family for hosts; now and then one that needs a GPU. */
    Blueprint hostedFamily(String family) {
        var group = dice.chance(0.05) ? accelerated : dice.chance(0.2) ? interfaced : bridged;
        return revise(family, dice.oneOf(group));
    }

    /** The next revision of a family: the same containers with newer images. */
    Blueprint nextRevision(Blueprint latest) {
        var revisions = revisions(latest.family());
        int revision = revisions.size() + 1;
        var parts = latest.parts().stream()
                .map(part -> renewed(latest.family(), part, revision))
                .toList();
        return keep(new Blueprint(
                latest.family(),
                revision,
                arns.taskDefinition(latest.family(), revision),
                latest.awsvpc(),
                latest.cpu(),
                latest.memory(),
                latest.gpus(),
                parts));
    }

    /** Finds by family (its newest revision), by family:revision, or by ARN. */
    Optional<Blueprint> find(String reference) {
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

    private Blueprint revise(String family, Archetype archetype) {
        int revision = revisions(family).size() + 1;
        var parts = archetype.parts().stream()
                .map(part -> renewed(family, part, revision))
                .toList();
        return keep(new Blueprint(
                family,
                revision,
                arns.taskDefinition(family, revision),
                archetype.awsvpc(),
                archetype.cpu(),
                archetype.memory(),
                archetype.gpus(),
                parts));
    }

    private Blueprint.Part renewed(String family, Blueprint.Part part, int revision) {
        var image = arns.image(family + "/" + part.name(), "1." + revision + ".0");
        return new Blueprint.Part(
                part.name(),
                image,
                "sha256:" + dice.hex(64),
                part.cpu(),
                part.memory(),
                part.port(),
                part.udp(),
                part.probed());
    }

    private Blueprint keep(Blueprint blueprint) {
        revisions(blueprint.family()).add(blueprint);
        return blueprint;
    }

    private List<Blueprint> revisions(String family) {
        return families.computeIfAbsent(family, name -> new ArrayList<>());
    }

    private static Blueprint.Part part(String name, int port) {
        return new Blueprint.Part(name, "", "", 0, 128, port, false, port == 8080);
    }

    private static Blueprint.Part datagrams(String name, int port) {
        return new Blueprint.Part(name, "", "", 0, 128, port, true, false);
    }

    private record Archetype(String name, boolean awsvpc, int cpu, int memory, int gpus, List<Blueprint.Part> parts) {
        Archetype(String name, boolean awsvpc, int cpu, int memory, int gpus, Blueprint.Part... parts) {
            this(name, awsvpc, cpu, memory, gpus, List.of(parts));
        }
    }
}
