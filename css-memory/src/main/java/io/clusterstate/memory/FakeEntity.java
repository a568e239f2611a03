package io.clusterstate.memory;

import io.clusterstate.EntityKind;

/**
 * A builder of an entity for a {@link FakeClusterState}, with defaults for everything that the test does not set. It
 * can be changed, and put or built again, any number of times.
 *
 * <p>Thread: one thread at a time.
 *
 * @param <T> the AWS SDK's type of the entity
 */
public abstract sealed class FakeEntity<T> permits FakeTask, FakeInstance, FakeService {

    private final EntityKind<T> kind;
    private final String id;
    private String cluster = FakeArns.DEFAULT_CLUSTER;

    FakeEntity(EntityKind<T> kind, String id) {
        if (id.isBlank()) {
            throw new IllegalArgumentException(kind + ": \"" + id + "\" (expected: an id)");
        }
        this.kind = kind;
        this.id = id;
    }

    /**
     * Sets the cluster; by default {@value FakeArns#DEFAULT_CLUSTER}.
     *
     * @param nameOrArn the name or ARN of the cluster
     * @return this builder
     */
    public FakeEntity<T> in(String nameOrArn) {
        this.cluster = nameOrArn;
        return this;
    }

    /**
     * The ARN of the entity, which depends on the cluster.
     *
     * @return the ARN
     */
    public abstract String arn();

    /**
     * Builds the entity. It has no times and, unless the test set one, no version; the fake sets them when the entity
     * is put.
     *
     * @return the AWS SDK's value
     */
    public abstract T build();

    final EntityKind<T> kind() {
        return kind;
    }

    final String id() {
        return id;
    }

    final String clusterArn() {
        return FakeArns.clusterArn(cluster);
    }

    @Override
    public String toString() {
        return "fake " + kind + " " + arn();
    }
}
