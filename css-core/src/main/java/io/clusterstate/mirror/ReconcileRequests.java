package io.clusterstate.mirror;

import io.clusterstate.ecs.EcsArn;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests of the host for a pass now.
 *
 * <p>Thread: safe for any thread. Blocks: never; the thread that runs a pass completes its futures.
 */
final class ReconcileRequests {

    private final ReconcileQueue queue;
    private final ReconcileTerms terms;
    private final Lifecycle lifecycle;

    ReconcileRequests(ReconcileQueue queue, ReconcileTerms terms, Lifecycle lifecycle) {
        this.queue = queue;
        this.terms = terms;
        this.lifecycle = lifecycle;
    }

    /** Requests a pass of the cluster with this name or ARN. */
    CompletableFuture<ReconcileReport> cluster(String nameOrArn) {
        Optional<IllegalStateException> obstacle = obstacle();
        if (obstacle.isPresent()) {
            return CompletableFuture.failedFuture(obstacle.get());
        }
        WorkItem cluster = find(nameOrArn);
        CompletableFuture<ReconcileReport> report = new CompletableFuture<>();
        queue.request(cluster.name(), failure -> {
            if (failure == null) {
                report.complete(cluster.lastReport().orElseThrow());
            } else {
                report.completeExceptionally(failure);
            }
        });
        return report;
    }

    /** Requests the list of clusters, and then a pass of each cluster on it. */
    CompletableFuture<List<ReconcileReport>> all() {
        Optional<IllegalStateException> obstacle = obstacle();
        if (obstacle.isPresent()) {
            return CompletableFuture.failedFuture(obstacle.get());
        }
        CompletableFuture<List<ReconcileReport>> reports = new CompletableFuture<>();
        queue.request(ReconcileQueue.LIST, failure -> {
            if (failure == null) {
                requestEach(reports);
            } else {
                reports.completeExceptionally(failure);
            }
        });
        return reports;
    }

    private void requestEach(CompletableFuture<List<ReconcileReport>> reports) {
        List<WorkItem> clusters = List.copyOf(queue.clusters());
        AtomicInteger left = new AtomicInteger(clusters.size());
        if (clusters.isEmpty()) {
            reports.complete(List.of());
        }
        for (WorkItem item : clusters) {
            queue.request(item.name(), failure -> {
                boolean isGone = failure instanceof CancellationException && !lifecycle.isClosed(); // deleted meanwhile
                if (failure != null && !isGone) {
                    reports.completeExceptionally(failure);
                } else if (left.decrementAndGet() == 0) {
                    reports.complete(clusters.stream()
                            .flatMap(each -> each.lastReport().stream())
                            .toList());
                }
            });
        }
    }

    /** Why no pass would follow a request now; empty if a pass would. */
    private Optional<IllegalStateException> obstacle() {
        if (lifecycle.phase() == MirrorStatus.Phase.LATENT) {
            return Optional.of(new IllegalStateException("reconcileNow: the mirror is LATENT (expected: started)"));
        }
        return terms.isLeading() ? Optional.empty() : Optional.of(ReconcileTerms.notLeading());
    }

    private WorkItem find(String nameOrArn) {
        return queue.clusters().stream()
                .filter(item -> EcsArn.isNamed(item.name(), nameOrArn))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "clusterNameOrArn: " + nameOrArn + " (expected: a cluster that the mirror follows)"));
    }
}
