package io.clusterstate.benchmarks;

import java.util.function.Supplier;

/** The caches that are compared. */
enum CacheKind {
    CSS(ViewedStore::new),
    FABRIC8(Fabric8Cache::new),
    OFFICIAL(OfficialCache::new);

    private final Supplier<TaskCache> maker;

    CacheKind(Supplier<TaskCache> maker) {
        this.maker = maker;
    }

    /** A new, empty cache. */
    TaskCache open() {
        return maker.get();
    }
}
