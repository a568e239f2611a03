package io.clusterstate.internal.index;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ClusterQuery;
import io.clusterstate.EntityChange;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.InstanceQuery;
import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.Removed;
import io.clusterstate.ServiceQuery;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskDefinitionQuery;
import io.clusterstate.TaskQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Five tables at one revision. A change creates a new snapshot that shares the unchanged parts. */
public final class IndexedSnapshot implements Snapshot {

    /** An empty snapshot. */
    public static final IndexedSnapshot EMPTY = new IndexedSnapshot(
            0,
            Freshness.NONE,
            Table.empty(IndexedTaskQuery.FIELDS),
            Table.empty(IndexedInstanceQuery.FIELDS),
            Table.empty(IndexedServiceQuery.FIELDS),
            Table.empty(IndexedClusterQuery.FIELDS),
            Table.empty(IndexedTaskDefinitionQuery.FIELDS),
            Removals.NONE);

    /** An empty snapshot for queries that test entities of other snapshots. It refuses what needs a moment. */
    public static final IndexedSnapshot FOR_FILTERS = EMPTY.at(0);

    private final long revision;
    private final Freshness freshness;
    private final Table<Task> tasks;
    private final Table<ContainerInstance> instances;
    private final Table<Service> services;
    private final Table<Cluster> clusters;
    private final Table<TaskDefinition> definitions;
    private final Removals removals;

    private IndexedSnapshot(
            long revision,
            Freshness freshness,
            Table<Task> tasks,
            Table<ContainerInstance> instances,
            Table<Service> services,
            Table<Cluster> clusters,
            Table<TaskDefinition> definitions,
            Removals removals) {
        this.revision = revision;
        this.freshness = freshness;
        this.tasks = tasks;
        this.instances = instances;
        this.services = services;
        this.clusters = clusters;
        this.definitions = definitions;
        this.removals = removals;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public Freshness freshness() {
        return freshness;
    }

    @Override
    public boolean knows(String cluster) {
        return Stream.of(clusters, services, instances, tasks).anyMatch(table -> table.hasCluster(cluster));
    }

    @Override
    public Optional<Task> task(String arnOrId) {
        return find(EntityKind.TASK, tasks, arnOrId);
    }

    @Override
    public Optional<ContainerInstance> instance(String arnOrId) {
        return find(EntityKind.INSTANCE, instances, arnOrId);
    }

    @Override
    public Optional<Service> service(String arnOrName) {
        return find(EntityKind.SERVICE, services, arnOrName);
    }

    @Override
    public Optional<TaskDefinition> taskDefinition(String arnOrRevision) {
        Families.requireRevision(arnOrRevision);
        Observed<TaskDefinition> found = definitions.get(arnOrRevision);
        return found != null || Ids.isArn(arnOrRevision)
                ? valueOf(found)
                : Ids.definition(definitions(), arnOrRevision);
    }

    @Override
    public Optional<Cluster> cluster(String arnOrName) {
        return find(EntityKind.CLUSTER, clusters, arnOrName);
    }

    @Override
    public <T> Optional<Observed<T>> observed(EntityKind<T> kind, String arn) {
        return Optional.ofNullable(table(kind).get(arn));
    }

    /**
     * The value of an entity.
     *
     * @param kind the kind of entity
     * @param arnOrId an ARN, id or name, as {@link Snapshot#task} and its siblings take it
     * @param <T> the AWS SDK's type of the entity
     * @return the value; empty if there is none
     */
    public <T> Optional<T> find(EntityKind<T> kind, String arnOrId) {
        return find(kind, table(kind), arnOrId);
    }

    /** A hit by ARN takes the short way. */
    private static <T> Optional<T> find(EntityKind<T> kind, Table<T> table, String arnOrId) {
        Observed<T> found = table.get(arnOrId);
        return found == null ? findById(kind, table, arnOrId) : Optional.of(found.value());
    }

    private static <T> Optional<T> findById(EntityKind<T> kind, Table<T> table, String id) {
        return Ids.isArn(id) ? Optional.empty() : valueOf(Ids.find(kind, table, id));
    }

    @Override
    public Optional<Removed<?>> removed(String arn) {
        Removed<?> removed = removals.get(arn);
        boolean isBack = removed != null && table(removed.last().kind()).get(arn) != null;
        return isBack ? Optional.empty() : Optional.ofNullable(removed);
    }

    @Override
    public ChangeBatch since(Snapshot older) {
        if (!(older instanceof IndexedSnapshot other) || other.revision > revision) {
            throw new IllegalArgumentException("older: " + older
                    + " (expected: a snapshot of the same view, at most at revision " + revision + ")");
        }
        List<EntityChange<?>> changes = new ArrayList<>();
        definitions.since(other.definitions, revision, changes::add);
        clusters.since(other.clusters, revision, changes::add);
        services.since(other.services, revision, changes::add);
        instances.since(other.instances, revision, changes::add);
        tasks.since(other.tasks, revision, changes::add);
        return new ChangeBatch(ChangeBatch.Type.DIFFERENCE, other.revision, this, RevisionOrder.of(changes));
    }

    @Override
    public TaskQuery tasks() {
        return new IndexedTaskQuery(IndexedQuery.Steps.none(tasks));
    }

    @Override
    public InstanceQuery instances() {
        return new IndexedInstanceQuery(IndexedQuery.Steps.none(instances), this == FOR_FILTERS ? null : tasks);
    }

    @Override
    public ServiceQuery services() {
        return new IndexedServiceQuery(IndexedQuery.Steps.none(services));
    }

    @Override
    public ClusterQuery clusters() {
        return new IndexedClusterQuery(IndexedQuery.Steps.none(clusters));
    }

    @Override
    public TaskDefinitionQuery definitions() {
        return new IndexedTaskDefinitionQuery(IndexedQuery.Steps.none(definitions));
    }

    /**
     * Whether a query calls code of the host.
     *
     * @param query a query of any class
     * @return whether it has a test of {@link Query#where}, or is of another class
     */
    public static boolean callsHost(Query<?, ?> query) {
        return !(query instanceof IndexedQuery<?, ?> own) || own.steps().callsHost();
    }

    /**
     * A snapshot with an entity, which replaces any value with its ARN.
     *
     * @param observed the entity
     * @return the new snapshot, at the present revision
     */
    public IndexedSnapshot with(Observed<?> observed) {
        return replace(observed.kind(), put(observed));
    }

    /**
     * A snapshot with many entities, each of which replaces any value with its ARN. A table that was empty is built at
     * once.
     *
     * @param all the entities; of several with one ARN, the last counts
     * @return the new snapshot, at the present revision
     */
    public IndexedSnapshot withAll(Collection<? extends Observed<?>> all) {
        IndexedSnapshot next = this;
        for (EntityKind<?> kind : EntityKind.all()) {
            List<Observed<?>> own = new ArrayList<>();
            all.forEach(each -> {
                if (each.kind() == kind) {
                    own.add(each);
                }
            });
            next = next.withAll(kind, own);
        }
        return next;
    }

    @SuppressWarnings("unchecked") // all are of that kind
    private <T> IndexedSnapshot withAll(EntityKind<T> kind, List<Observed<?>> own) {
        Table<T> table = table(kind);
        return own.isEmpty() ? this : replace(kind, table.withAll((List<Observed<T>>) (List<?>) own));
    }

    /**
     * A snapshot without an entity.
     *
     * @param kind the kind of the entity
     * @param arn the entity's ARN
     * @return the new snapshot, at the present revision
     */
    public IndexedSnapshot without(EntityKind<?> kind, String arn) {
        return replace(kind, table(kind).without(arn));
    }

    /**
     * This snapshot with another freshness.
     *
     * @param newFreshness the freshness
     * @return the new snapshot, at the present revision
     */
    public IndexedSnapshot with(Freshness newFreshness) {
        return new IndexedSnapshot(revision, newFreshness, tasks, instances, services, clusters, definitions, removals);
    }

    /**
     * A snapshot without an entity, which remembers its last value.
     *
     * @param removed the entity
     * @return the new snapshot, at the present revision
     */
    public IndexedSnapshot without(Removed<?> removed) {
        IndexedSnapshot fewer = without(removed.last().kind(), removed.arn());
        return new IndexedSnapshot(
                revision,
                freshness,
                fewer.tasks,
                fewer.instances,
                fewer.services,
                fewer.clusters,
                fewer.definitions,
                removals.with(removed));
    }

    /**
     * This snapshot at another revision.
     *
     * @param newRevision the revision
     * @return the new snapshot
     */
    public IndexedSnapshot at(long newRevision) {
        return new IndexedSnapshot(newRevision, freshness, tasks, instances, services, clusters, definitions, removals);
    }

    @Override
    public String toString() {
        return "snapshot at revision " + revision + ": " + tasks.rows().size() + " tasks, "
                + instances.rows().size() + " instances, " + services.rows().size() + " services, "
                + clusters.rows().size() + " clusters"
                + (definitions.rows().isEmpty() ? "" : ", " + definitions.rows().size() + " task definitions");
    }

    private <T> Table<T> put(Observed<T> observed) {
        return table(observed.kind()).with(observed);
    }

    @SuppressWarnings("unchecked") // each kind has the table of its own type
    private <T> Table<T> table(EntityKind<T> kind) {
        Table<?> found;
        if (kind == EntityKind.TASK) {
            found = tasks;
        } else if (kind == EntityKind.INSTANCE) {
            found = instances;
        } else if (kind == EntityKind.SERVICE) {
            found = services;
        } else {
            found = kind == EntityKind.CLUSTER ? clusters : definitions;
        }
        return (Table<T>) found;
    }

    @SuppressWarnings("unchecked") // each kind has the table of its own type
    private IndexedSnapshot replace(EntityKind<?> kind, Table<?> table) {
        return new IndexedSnapshot(
                revision,
                freshness,
                kind == EntityKind.TASK ? (Table<Task>) table : tasks,
                kind == EntityKind.INSTANCE ? (Table<ContainerInstance>) table : instances,
                kind == EntityKind.SERVICE ? (Table<Service>) table : services,
                kind == EntityKind.CLUSTER ? (Table<Cluster>) table : clusters,
                kind == EntityKind.TASK_DEFINITION ? (Table<TaskDefinition>) table : definitions,
                removals);
    }

    private static <T> Optional<T> valueOf(@Nullable Observed<T> observed) {
        return observed == null ? Optional.empty() : Optional.of(observed.value());
    }
}
