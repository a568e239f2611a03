package io.clusterstate.internal.index;

/** Where a table finds the entities of one cluster that have one key in one field. */
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
