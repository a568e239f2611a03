package io.clusterstate;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entity as ECS last told of it, and how that came to be known.
 *
 * <p>Promise 1: in any view, the {@link #version()} of an entity never goes back.
 *
 * <p>Thread: immutable.
 *
 * @param <T> the AWS SDK's type of the entity
 */
public final class Observed<T> {

    private final EntityKind<T> kind;
    private final String arn;
    private final String clusterArn;
    private final T value;
    private final long version;
    private final long revision;
    private final Origin origin;
    private final Instant observedAt;
    private final @Nullable Instant describedAt;

    private Observed(
            EntityKind<T> kind,
            String clusterArn,
            T value,
            long revision,
            Origin origin,
            Instant observedAt,
            @Nullable Instant describedAt) {
        this.kind = requireNonNull(kind);
        this.arn = kind.arnOf(value);
        this.clusterArn = requireNonNull(clusterArn);
        this.value = value;
        this.version = kind.versionOf(value);
        this.revision = revision;
        this.origin = requireNonNull(origin);
        this.observedAt = requireNonNull(observedAt);
        this.describedAt = describedAt;
    }

    /**
     * A value as it was just told, not stored yet.
     *
     * @param kind the kind of entity
     * @param clusterArn the ARN of its cluster; for a cluster, its own
     * @param value the entity
     * @param origin who told of it
     * @param observedAt when it was asked for (API) or received (event), by the clock of this process
     * @param <T> the AWS SDK's type of the entity
     * @return the value with {@link #revision()} 0
     */
    public static <T> Observed<T> of(
            EntityKind<T> kind, String clusterArn, T value, Origin origin, Instant observedAt) {
        return new Observed<>(kind, clusterArn, value, 0, origin, observedAt, origin.isApi() ? observedAt : null);
    }

    /**
     * The same at a revision: for stores.
     *
     * @param newRevision the revision at which the store keeps it
     * @return a copy with that revision
     */
    public Observed<T> at(long newRevision) {
        return new Observed<>(kind, clusterArn, value, newRevision, origin, observedAt, describedAt);
    }

    /**
     * The same with other API-only fields: for the version rule.
     *
     * @param newValue the same version of the entity, with fields that only the API tells
     * @param newDescribedAt when the API was asked
     * @return a copy with that value
     */
    public Observed<T> describedAs(T newValue, Instant newDescribedAt) {
        return new Observed<>(kind, clusterArn, newValue, revision, origin, observedAt, newDescribedAt);
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
     * The entity's ARN, long or short as ECS gave it.
     *
     * @return the ARN
     */
    public String arn() {
        return arn;
    }

    /**
     * The ARN of the entity's cluster. ECS's own container instances do not carry it.
     *
     * @return the cluster's ARN; for a cluster, its own
     */
    public String clusterArn() {
        return clusterArn;
    }

    /**
     * The entity, in the shape in which the ECS API answers.
     *
     * @return the AWS SDK's value
     */
    public T value() {
        return value;
    }

    /**
     * ECS's own counter of this entity's changes.
     *
     * @return the version; 0 for services and clusters, which have none
     */
    public long version() {
        return version;
    }

    /**
     * The store's counter at the change that brought this value. Grows over all entities of one store.
     *
     * @return the revision; 0 for a value that no store has kept yet
     */
    public long revision() {
        return revision;
    }

    /**
     * Who told of this version.
     *
     * @return the origin
     */
    public Origin origin() {
        return origin;
    }

    /**
     * When this version was received (event) or asked for (API), by the clock of the process that did. Later deliveries
     * and answers that say the same do not move it.
     *
     * @return the moment; not the time of the change in ECS
     */
    public Instant observedAt() {
        return observedAt;
    }

    /**
     * When the API answer was asked for that brought the fields which only the API tells (tags, health). They are as of
     * then, even if events have brought later versions since. Later answers that say the same do not move it.
     *
     * @return the moment; empty if only events have told of this entity so far, so that those fields are unknown
     */
    public Optional<Instant> describedAt() {
        return Optional.ofNullable(describedAt);
    }

    /**
     * Whether ECS will say no more of this entity than that it has been: a stopped task, an inactive instance, service
     * or cluster. It is kept for a while and then removed.
     *
     * @return true at its end
     */
    public boolean hasEnded() {
        return kind.hasEnded(value);
    }

    @Override
    public String toString() {
        return arn + " version " + version + " revision " + revision + " from " + origin + " at " + observedAt;
    }
}
