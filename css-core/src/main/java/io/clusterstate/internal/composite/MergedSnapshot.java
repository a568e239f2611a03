package io.clusterstate.internal.composite;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ClusterQuery;
import io.clusterstate.CompositeSnapshot;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.InstanceQuery;
import io.clusterstate.NotReadyException;
import io.clusterstate.Observed;
import io.clusterstate.Removed;
import io.clusterstate.ServiceQuery;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskDefinitionQuery;
import io.clusterstate.TaskQuery;
import io.clusterstate.ecs.EcsArn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The snapshots of several members. */
public final class MergedSnapshot implements CompositeSnapshot {

    private final Map<String, Snapshot> members;
    private final List<Snapshot> snapshots;
    private final Map<String, NotReadyException> missing;

    /**
     * Takes over the snapshots.
     *
     * @param members the snapshots by the name of the member, in order; not to be changed afterwards
     * @param missing the reasons of the members that are not ready; not to be changed afterwards
     */
    public MergedSnapshot(Map<String, Snapshot> members, Map<String, NotReadyException> missing) {
        this.members = members;
        this.snapshots = List.copyOf(members.values());
        this.missing = missing;
    }

    @Override
    public Map<String, Snapshot> members() {
        return Collections.unmodifiableMap(members);
    }

    @Override
    public Set<String> missing() {
        return Collections.unmodifiableSet(missing.keySet());
    }

    /**
     * The reasons of the members that were not ready.
     *
     * @return each reason by the name of its member
     */
    public Map<String, NotReadyException> reasons() {
        return Collections.unmodifiableMap(missing);
    }

    @Override
    public Map<String, Long> revisions() {
        Map<String, Long> revisions = new LinkedHashMap<>();
        members.forEach((name, snapshot) -> revisions.put(name, snapshot.revision()));
        return Collections.unmodifiableMap(revisions);
    }

    @Override
    public Map<String, Set<String>> overlaps() {
        Map<String, Set<String>> holders = new TreeMap<>();
        members.forEach((name, snapshot) -> snapshot.clusters().stream()
                .forEach(cluster -> holders.computeIfAbsent(cluster.clusterArn(), arn -> new LinkedHashSet<>())
                        .add(name)));
        holders.values().removeIf(names -> names.size() < 2);
        return holders;
    }

    @Override
    public long revision() {
        throw new UnsupportedOperationException("revision: of " + members.size()
                + " members, each of which counts by itself (expected: a call of revisions())");
    }

    @Override
    public ChangeBatch since(Snapshot older) {
        throw new UnsupportedOperationException("since: of " + members.size()
                + " members, each of which has its own order (expected: since of a snapshot in members())");
    }

    @Override
    public Freshness freshness() {
        return LeastFreshness.of(snapshots.stream().map(Snapshot::freshness).toList());
    }

    @Override
    public boolean knows(String cluster) {
        boolean isKnown = isKnown(cluster);
        if (!isKnown) {
            requireAllFor(cluster);
        }
        return isKnown;
    }

    private boolean isKnown(String cluster) {
        return snapshots.stream().anyMatch(each -> each.knows(cluster));
    }

    @Override
    public Optional<Task> task(String arnOrId) {
        return find(EntityKind.TASK, arnOrId);
    }

    @Override
    public Optional<ContainerInstance> instance(String arnOrId) {
        return find(EntityKind.INSTANCE, arnOrId);
    }

    @Override
    public Optional<Service> service(String arnOrName) {
        return find(EntityKind.SERVICE, arnOrName);
    }

    @Override
    public Optional<Cluster> cluster(String arnOrName) {
        return find(EntityKind.CLUSTER, arnOrName);
    }

    @Override
    public Optional<TaskDefinition> taskDefinition(String arnOrRevision) {
        return find(EntityKind.TASK_DEFINITION, arnOrRevision);
    }

    /** The definition of a task is in the member that has the task. */
    @Override
    public Optional<TaskDefinition> definition(Task task) {
        Optional<Snapshot> owner = task.taskArn() == null
                ? Optional.empty()
                : snapshots.stream()
                        .filter(each ->
                                each.observed(EntityKind.TASK, task.taskArn()).isPresent())
                        .findFirst();
        return owner.isPresent() ? owner.get().definition(task) : CompositeSnapshot.super.definition(task);
    }

    @Override
    public <T> Optional<Observed<T>> observed(EntityKind<T> kind, String arn) {
        for (Snapshot each : snapshots) {
            Optional<Observed<T>> found = each.observed(kind, arn);
            if (found.isPresent()) {
                return found;
            }
        }
        requireOwnerOf(arn);
        return Optional.empty();
    }

    /**
     * The value of an entity.
     *
     * @param kind the kind of entity
     * @param arnOrId an ARN, id or name, as {@link Snapshot#task} and its siblings take it
     * @param <T> the AWS SDK's type of the entity
     * @return the value; empty if no member has it
     */
    public <T> Optional<T> find(EntityKind<T> kind, String arnOrId) {
        Optional<T> found = arnOrId.startsWith("arn:") ? firstOf(kind, arnOrId) : onlyOf(kind, arnOrId);
        if (found.isEmpty()) {
            requireOwnerOf(arnOrId);
        }
        return found;
    }

    private <T> Optional<T> firstOf(EntityKind<T> kind, String arn) {
        for (Snapshot each : snapshots) {
            Optional<T> found = find(each, kind, arn);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private <T> Optional<T> onlyOf(EntityKind<T> kind, String id) {
        Map<String, T> found = new TreeMap<>();
        for (Snapshot each : snapshots) {
            find(each, kind, id).ifPresent(value -> found.putIfAbsent(kind.arnOf(value), value));
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException(
                    kind + ": " + id + " (expected: an ARN, since there are several: " + found.keySet() + ")");
        }
        return found.values().stream().findFirst();
    }

    @SuppressWarnings("unchecked") // each lookup is of its kind
    private static <T> Optional<T> find(Snapshot snapshot, EntityKind<T> kind, String arnOrId) {
        Optional<?> found;
        if (kind == EntityKind.TASK) {
            found = snapshot.task(arnOrId);
        } else if (kind == EntityKind.INSTANCE) {
            found = snapshot.instance(arnOrId);
        } else if (kind == EntityKind.SERVICE) {
            found = snapshot.service(arnOrId);
        } else {
            found = kind == EntityKind.CLUSTER ? snapshot.cluster(arnOrId) : snapshot.taskDefinition(arnOrId);
        }
        return (Optional<T>) found;
    }

    /** Nothing is found: that is an answer only of the member that would have the entity. */
    private void requireOwnerOf(String arnOrId) {
        if (!missing.isEmpty()) {
            Optional<String> cluster = EcsArn.parse(arnOrId).flatMap(EcsArn::clusterArn);
            if (cluster.isEmpty() || !isKnown(cluster.get())) {
                requireAllFor(arnOrId);
            }
        }
    }

    private void requireAllFor(String wanted) {
        if (!missing.isEmpty()) {
            throw notReady(wanted + ", which a member that is not ready may have: ", missing);
        }
    }

    /**
     * The exception for members that are not ready.
     *
     * @param wanted the beginning of the message
     * @param missing the reason of each member; at least one
     * @return the exception, caused by the first reason
     */
    public static NotReadyException notReady(String wanted, Map<String, NotReadyException> missing) {
        List<String> reasons = new ArrayList<>();
        missing.forEach((name, reason) -> reasons.add("member " + name + ": " + reason.getMessage()));
        return new NotReadyException(
                wanted + String.join("; ", reasons), missing.values().iterator().next());
    }

    @Override
    public Optional<Removed<?>> removed(String arn) {
        boolean isPresent = EntityKind.all().stream().anyMatch(kind -> snapshots.stream()
                .anyMatch(each -> each.observed(kind, arn).isPresent()));
        return isPresent ? Optional.empty() : lastRemoved(arn);
    }

    private Optional<Removed<?>> lastRemoved(String arn) {
        Optional<Removed<?>> last = snapshots.stream()
                .map(each -> each.removed(arn).orElse(null))
                .filter(Objects::nonNull)
                .<Removed<?>>map(each -> each)
                .max(Comparator.comparing(Removed::at));
        if (last.isEmpty()) {
            requireOwnerOf(arn);
        }
        return last;
    }

    @Override
    public TaskQuery tasks() {
        return new MergedTaskQuery(MergedQuery.to(snapshots, Snapshot::tasks));
    }

    @Override
    public InstanceQuery instances() {
        return new MergedInstanceQuery(MergedQuery.to(snapshots, Snapshot::instances));
    }

    @Override
    public ServiceQuery services() {
        return new MergedServiceQuery(MergedQuery.to(snapshots, Snapshot::services));
    }

    @Override
    public ClusterQuery clusters() {
        return new MergedClusterQuery(MergedQuery.to(snapshots, Snapshot::clusters));
    }

    @Override
    public TaskDefinitionQuery definitions() {
        return new MergedTaskDefinitionQuery(MergedQuery.to(snapshots, Snapshot::definitions));
    }

    @Override
    public String toString() {
        return "snapshots of " + members.size() + " members: " + members
                + (missing.isEmpty() ? "" : ", without " + missing.keySet());
    }
}
