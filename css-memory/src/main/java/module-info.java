import org.jspecify.annotations.NullMarked;

/** The store for one process, and on it the fake for unit tests. */
@NullMarked
module io.clusterstate.memory {
    requires transitive io.clusterstate.core;
    requires com.github.benmanes.caffeine;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.utils;
    requires static transitive org.jspecify;
    requires static org.junit.jupiter.api;

    exports io.clusterstate.memory;
    exports io.clusterstate.memory.junit;
}
