package io.clusterstate.internal.index;

/** The key of an index entry: the entities of a cluster that have a key in a field. */
final class IndexKey {

    private final String clusterArn;
    private final IndexField<?> field;
    private final String key;
    private final int hash;

    IndexKey(String clusterArn, IndexField<?> field, String key) {
        this.clusterArn = clusterArn;
        this.field = field;
        this.key = key;
        this.hash = (clusterArn.hashCode() * 31 + field.name().hashCode()) * 31 + key.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexKey that
                && hash == that.hash
                && field == that.field
                && key.equals(that.key)
                && clusterArn.equals(that.clusterArn);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
