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
    requires static spring.boot;
    requires static spring.boot.autoconfigure;
    requires static spring.context;
    requires static spring.test;

    exports io.clusterstate.memory;
    exports io.clusterstate.memory.junit;
    exports io.clusterstate.memory.spring;

    // For Spring, which calls methods that are not public.
    opens io.clusterstate.memory.spring;
}
