package io.clusterstate.client;

import io.clusterstate.EntityKind;
import io.clusterstate.Snapshot;
import io.clusterstate.client.ListRead.Found;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterSetting;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.Tag;

/** ListClusters and DescribeClusters. Source of all rules: the ECS API reference, under the operations' names. */
final class ClusterReads implements LocalRead<DescribeClustersRequest> {

    private static final int MOST = 100;

    private final OwnWrites writes;
    private final boolean hasAll;

    ClusterReads(OwnWrites writes, boolean hasAll) {
        this.writes = writes;
        this.hasAll = hasAll;
    }

    @Override
    public Optional<String> clusterOf(DescribeClustersRequest request) {
        return Optional.empty();
    }

    @Override
    public Answer answer(DescribeClustersRequest request, Moment now) {
        Optional<DelegationReason> obstacle = RequestFields.obstacle(request, Set.of("clusters"));
        if (obstacle.isPresent()) {
            return Answer.delegated(obstacle.get());
        }
        List<String> references = request.clusters().isEmpty() ? List.of(Moment.meant(null)) : request.clusters();
        if (references.size() > MOST || new HashSet<>(references).size() < references.size()) {
            return Answer.delegated(DelegationReason.REQUEST);
        }
        if (now.mayLackServices()) {
            return Answer.delegated(DelegationReason.UNKNOWN);
        }
        List<Cluster> shown = new ArrayList<>(references.size());
        for (String reference : references) {
            Optional<Cluster> found = now.cluster(reference);
            if (found.isEmpty()) {
                return Answer.delegated(DelegationReason.UNKNOWN);
            }
            if (writes.isOpen(EntityKind.CLUSTER, found.get(), found.get().clusterArn(), now)) {
                return Answer.delegated(DelegationReason.OWN_WRITE);
            }
            shown.add(shown(found.get(), now.snapshot()));
        }
        return Answer.of(DescribeClustersResponse.builder().clusters(shown).failures(List.<Failure>of()));
    }

    /**
     * A cluster with the counts of what the same snapshot holds, and without the parts that need an {@code include}.
     * Source: the ECS API reference, {@code Cluster}.
     */
    private static Cluster shown(Cluster cluster, Snapshot now) {
        String arn = cluster.clusterArn();
        TaskCounts counts = TaskCounts.of(now.tasks().in(arn));
        return cluster.toBuilder()
                .runningTasksCount(counts.running())
                .pendingTasksCount(counts.pending())
                .activeServicesCount(now.services().in(arn).status("ACTIVE").count())
                .registeredContainerInstancesCount(
                        now.instances().in(arn).status("ACTIVE").count()
                                + now.instances().in(arn).status("DRAINING").count())
                .tags(List.<Tag>of())
                .settings(List.<ClusterSetting>of())
                .build();
    }

    LocalRead<ListClustersRequest> list(PinnedLists lists) {
        return new ListRead<>(
                lists,
                new ListRead.Paging<>(
                        ListClustersRequest::nextToken,
                        ListClustersRequest::maxResults,
                        MOST,
                        request -> request.toBuilder()
                                .nextToken(null)
                                .maxResults(null)
                                .build()),
                new ListRead.Shape<>(
                        Set.of("nextToken", "maxResults"),
                        request -> Optional.empty(),
                        this::find,
                        (arns, token) ->
                                ListClustersResponse.builder().clusterArns(arns).nextToken(token)));
    }

    /** ECS may list inactive clusters for a while, which the view cannot know. */
    private Found find(ListClustersRequest request, Moment now) {
        boolean isComplete = hasAll && now.snapshot().clusters().stream().allMatch(now::isComplete);
        if (!isComplete) {
            return Found.delegated(DelegationReason.UNKNOWN);
        }
        return writes.isAnyOpen(EntityKind.CLUSTER, now)
                ? Found.delegated(DelegationReason.OWN_WRITE)
                : Found.of(now.snapshot().clusters().stream()
                        .map(EntityKind.CLUSTER::arnOf)
                        .toList());
    }
}
