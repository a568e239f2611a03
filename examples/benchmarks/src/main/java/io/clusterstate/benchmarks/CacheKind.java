package io.clusterstate.benchmarks;

/** The caches that are compared. */
enum CacheKind {
    CSS,
    FABRIC8,
    OFFICIAL;

    /** A new, empty cache. */
    TaskCache open() {
        return switch (this) {
            case CSS -> new ViewedStore();
            case FABRIC8 -> new Fabric8Cache();
            case OFFICIAL -> new OfficialCache();
        };
    }
}
