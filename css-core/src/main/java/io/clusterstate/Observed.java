package io.clusterstate;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entity as ECS last reported it, with the source and the times of that report.
 *
 * <p>Promise 1: in any view, the {@link #version()} of an entity never goes back.
 *
 * <p>Thread: immutable.
 *
 * @param <T> the AWS SDK's type of the entity
 */
public final class Observed<T> {

    /** The cluster of an entity that belongs to no cluster, as a task definition does: an empty text. */
    public static final String NO_CLUSTER = "";

    private final EntityKind<T> kind;
    private final String arn;
    private final String clusterArn;
    private final T value;
    private final long version;
    private final long revision;
    private final Origin origin;
    private final Instant observedAt;
    private final @Nullable Instant describedAt;

    /** When and whence a value is known. */
    private record Knowledge(long revision, Origin origin, Instant observedAt, @Nullable Instant describedAt) {}

    private Observed(EntityKind<T> kind, String clusterArn, T value, Knowledge knowledge) {
        this.kind = requireNonNull(kind);
        this.arn = kind.arnOf(value);
        this.clusterArn = requireNonNull(clusterArn);
        this.value = value;
        this.version = kind.versionOf(value);
        this.revision = knowledge.revision();
        this.origin = requireNonNull(knowledge.origin());
        this.observedAt = requireNonNull(knowledge.observedAt());
        this.describedAt = knowledge.describedAt();
    }

    /**
     * A new value that is not stored yet.
     *
     * @param kind the kind of entity
     * @param clusterArn the ARN of its cluster; for a cluster, its own; {@link #NO_CLUSTER} for a task definition
     * @param value the entity
     * @param origin the source of the value
     * @param observedAt the time of the request (API) or of receipt (event), by the clock of this process
     * @param <T> the AWS SDK's type of the entity
     * @return the value with {@link #revision()} 0
     */
    public static <T> Observed<T> of(
            EntityKind<T> kind, String clusterArn, T value, Origin origin, Instant observedAt) {
        return new Observed<>(
                kind, clusterArn, value, new Knowledge(0, origin, observedAt, origin.isApi() ? observedAt : null));
    }

    /**
     * This value with a revision: for stores.
     *
     * @param newRevision the revision at which the store keeps it
     * @return a copy with that revision
     */
    public Observed<T> at(long newRevision) {
        return new Observed<>(kind, clusterArn, value, new Knowledge(newRevision, origin, observedAt, describedAt));
    }

    /**
     * This value with other API-only fields: for the version rule.
     *
     * @param newValue the same version of the entity, with other values of the fields that only the API reports
     * @param newDescribedAt the time of the API request
     * @return a copy with that value
     */
    public Observed<T> describedAs(T newValue, Instant newDescribedAt) {
        return new Observed<>(kind, clusterArn, newValue, new Knowledge(revision, origin, observedAt, newDescribedAt));
    }

    /**
     * This observation with another value of the same entity: for snapshots that lay something over a view.
     *
     * @param newValue the value, with the ARN and the version of this one
     * @return a copy with that value
     */
    public Observed<T> showing(T newValue) {
        return new Observed<>(kind, clusterArn, newValue, new Knowledge(revision, origin, observedAt, describedAt));
    }

    /**
     * The kind of the entity.
     *
     * @return the kind
     */
    public EntityKind<T> kind() {
        return kind;
    }

    /**
     * The entity's ARN, in the long or short form that ECS reports.
     *
     * @return the ARN
     */
    public String arn() {
        return arn;
    }

    /**
     * The ARN of the entity's cluster. The SDK's {@code ContainerInstance} does not carry it.
     *
     * @return the cluster's ARN; for a cluster, its own; for a task definition, which belongs to none,
     *     {@link #NO_CLUSTER}
     */
    public String clusterArn() {
        return clusterArn;
    }

    /**
     * The entity, in the shape of an ECS API answer.
     *
     * @return the AWS SDK's value
     */
    public T value() {
        return value;
    }

    /**
     * ECS's counter of this entity's changes.
     *
     * @return the version; 0 for services, clusters and task definitions, which have none
     */
    public long version() {
        return version;
    }

    /**
     * The store's counter at the change that brought this value. It grows over all entities of a store.
     *
     * @return the revision; 0 for a value that no store has kept yet
     */
    public long revision() {
        return revision;
    }

    /**
     * The source of this version.
     *
     * @return the origin
     */
    public Origin origin() {
        return origin;
    }

    /**
     * The time at which this version was received (event) or requested (API), by the clock of the process that did so.
     * Later deliveries and answers with the same content do not move it.
     *
     * @return the moment; not the time of the change in ECS
     */
    public Instant observedAt() {
        return observedAt;
    }

    /**
     * The time of the API request that brought the fields which only the API reports (tags, health). Those fields are
     * as of then, even if events have brought later versions since. Later answers with the same content do not move it.
     *
     * @return the moment; empty if only events have reported this entity so far, so that those fields are unknown
     */
    public Optional<Instant> describedAt() {
        return Optional.ofNullable(describedAt);
    }

    /**
     * Whether the entity has reached its end: a stopped task, or an inactive instance, service or cluster. The store
     * keeps such an entity for a while and then removes it.
     *
     * @return whether it has ended
     */
    public boolean hasEnded() {
        return kind.hasEnded(value);
    }

    @Override
    public String toString() {
        return arn + " version " + version + " revision " + revision + " from " + origin + " at " + observedAt;
    }
}
