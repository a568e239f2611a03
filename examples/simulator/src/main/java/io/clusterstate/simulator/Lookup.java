package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.model.Failure;

/** Finds the entities that a Describe call names, and applies the faults about single entities. */
final class Lookup {
    private final Faults faults;
    private final Arns arns;
    private final Identifiers identifiers;

    Lookup(Simulation simulation) {
        this.faults = simulation.faults();
        this.arns = simulation.world().arns();
        this.identifiers = new Identifiers(arns);
    }

    /** Finds clusters. */
    Found<LiveCluster> clusters(List<String> references, Function<String, Optional<LiveCluster>> finder) {
        references.forEach(identifiers::requireHome);
        return find(references, "cluster/", finder, LiveCluster::arn);
    }

    /** Finds entities of a kind, such as {@code task}, in a cluster. */
    <T> Found<T> in(
            LiveCluster cluster,
            String kind,
            List<String> references,
            Function<String, Optional<T>> finder,
            Function<T, String> arnOf) {
        references.forEach(it -> identifiers.requireIn(cluster.name(), it));
        return find(references, kind + "/" + cluster.name() + "/", finder, arnOf);
    }

    /** Finds each reference. {@code path} precedes a bare id in the ARN of a missing entity. */
    private <T> Found<T> find(
            List<String> references, String path, Function<String, Optional<T>> finder, Function<T, String> arnOf) {
        var things = new ArrayList<T>();
        var failures = new ArrayList<Failure>();
        for (var reference : references) {
            var thing = finder.apply(reference);
            var missing = Failures.missing(arns, path, reference);
            var arn = thing.map(arnOf).orElse(missing.arn());
            failIfAbout(arn);
            var refusal = faults.refusalAbout(arn).map(reason -> Failures.refused(arn, reason));
            if (refusal.isPresent() || thing.isEmpty()) {
                failures.add(named(refusal.orElse(missing)));
            } else {
                things.add(thing.get());
            }
        }
        return new Found<>(things, failures);
    }

    private Failure named(Failure failure) {
        return faults.namesShort()
                ? failure.toBuilder().arn(Arns.shortened(failure.arn())).build()
                : failure;
    }

    private void failIfAbout(String arn) {
        faults.failureAbout(arn).ifPresent(type -> {
            throw EcsError.of(type, "Planned failure about " + arn);
        });
    }

    /**
     * The result of a lookup.
     *
     * @param things the found entities, in the order of the request
     * @param failures the failures of the other references
     */
    record Found<T>(List<T> things, List<Failure> failures) {
        Found {
            things = List.copyOf(things);
            failures = List.copyOf(failures);
        }

        <R> List<R> map(Function<T, R> view) {
            return things.stream().map(view).toList();
        }
    }
}
