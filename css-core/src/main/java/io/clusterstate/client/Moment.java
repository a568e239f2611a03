package io.clusterstate.client;

import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Service;

/** The state from which a request is answered. */
record Moment(Snapshot snapshot, Freshness freshness) {

    /** The cluster of a request without one. Source: the ECS API reference, {@code ListTasks}, {@code cluster}. */
    private static final String DEFAULT = "default";

    static String meant(@Nullable String cluster) {
        return cluster == null ? DEFAULT : cluster;
    }

    /**
     * A cluster about which the view can answer: ACTIVE, and confirmed as a whole by ECS at least once. A new cluster
     * lacks that for a moment, and one that ECS denies never has it again.
     */
    Optional<Cluster> cluster(@Nullable String nameOrArn) {
        List<Cluster> found = named(meant(nameOrArn));
        return found.size() == 1 && isComplete(found.get(0)) ? Optional.of(found.get(0)) : Optional.empty();
    }

    private List<Cluster> named(String nameOrArn) {
        return nameOrArn.startsWith("arn:")
                ? snapshot.observed(EntityKind.CLUSTER, nameOrArn).map(Observed::value).stream()
                        .toList()
                : snapshot.clusters().in(nameOrArn).list();
    }

    boolean isComplete(Cluster cluster) {
        return "ACTIVE".equals(cluster.status())
                && freshness.clusters().containsKey(cluster.clusterArn())
                && freshness.leftOut().stream().noneMatch(each -> EcsArn.isNamed(cluster.clusterArn(), each));
    }

    /**
     * Whether the view may lack services. An ARN in the short format names no cluster. Services with a common name in
     * several clusters then have the same ARN, and the view holds one of them.
     */
    boolean mayLackServices() {
        return snapshot.services().stream()
                .map(Service::serviceArn)
                .anyMatch(arn -> arn.indexOf('/') == arn.lastIndexOf('/'));
    }

    /**
     * The entity that a request names within a cluster.
     *
     * @param reference an ARN as ECS reports it, or the id or name at its end
     */
    <T> Optional<Observed<T>> find(EntityKind<T> kind, Cluster cluster, String reference) {
        return arns(kind, cluster.clusterArn(), reference)
                .flatMap(arn -> snapshot.observed(kind, arn).stream())
                .filter(each -> each.clusterArn().equals(cluster.clusterArn()))
                .findFirst();
    }

    /** The ARNs that a reference may stand for, in the long and the short format. */
    private static Stream<String> arns(EntityKind<?> kind, String clusterArn, String reference) {
        if (reference.startsWith("arn:")) {
            return Stream.of(reference);
        }
        String home = clusterArn.substring(0, clusterArn.lastIndexOf(':') + 1) + kind + '/';
        return Stream.of(home + EcsArn.nameOf(clusterArn) + '/' + reference, home + reference);
    }
}
