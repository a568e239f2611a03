import org.jspecify.annotations.NullMarked;

/** The view, the mirror, and the contract of stores. */
@NullMarked
module io.clusterstate.core {
    requires transitive software.amazon.awssdk.services.ecs;
    requires transitive software.amazon.awssdk.services.sqs;
    requires transitive software.amazon.awssdk.awscore;
    requires transitive software.amazon.awssdk.core;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.retries.api;
    requires software.amazon.awssdk.utils;
    requires transitive com.fasterxml.jackson.core;
    requires org.slf4j;
    requires static transitive org.jspecify;
    requires static micrometer.core;
    requires static software.amazon.awssdk.services.eventbridge;
    requires static spring.beans;
    requires static spring.boot;
    requires static spring.boot.autoconfigure;
    requires static spring.boot.health;
    requires static spring.context;
    requires static spring.core;
    requires static spring.web;
    requires static tools.jackson.core;
    requires static tools.jackson.databind;

    exports io.clusterstate;
    exports io.clusterstate.archive;
    exports io.clusterstate.client;
    exports io.clusterstate.ecs;
    exports io.clusterstate.json;
    exports io.clusterstate.micrometer;
    exports io.clusterstate.mirror;
    exports io.clusterstate.preflight;
    exports io.clusterstate.spi;
    exports io.clusterstate.spring;
    exports io.clusterstate.sqs;

    // Not API. css-memory and css-etcd use them; css-etcd stands on the class path of most hosts, since jetcd has no
    // module names.
    exports io.clusterstate.internal.expect;
    exports io.clusterstate.internal.json;
    exports io.clusterstate.internal.loop;
    exports io.clusterstate.internal.shape;

    // For Spring, which calls methods that are not public.
    opens io.clusterstate.spring;
}
