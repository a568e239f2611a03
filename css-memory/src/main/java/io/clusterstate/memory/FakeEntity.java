package io.clusterstate.memory;

import io.clusterstate.EntityKind;

/**
 * Something to be put into a {@link FakeClusterState}, in few words and with defaults for the rest.
 *
 * <p>Thread: one thread at a time. May be put and built again and again, and changed in between.
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
     * Puts it into a cluster; by default into {@value FakeArns#DEFAULT_CLUSTER}.
     *
     * @param nameOrArn the cluster
     * @return this
     */
    public FakeEntity<T> in(String nameOrArn) {
        this.cluster = nameOrArn;
        return this;
    }

    /**
     * Its ARN, which depends on its cluster.
     *
     * @return the ARN
     */
    public abstract String arn();

    /**
     * The entity as an event or the API would tell it; times and, unless one was set, a version are given when it is
     * put.
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
