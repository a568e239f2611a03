package io.clusterstate.spring;

import io.clusterstate.mirror.ClusterMirrorBuilder;

/**
 * A bean that sets what no property can, such as a clock or a listener for reports, on the builder of the mirror. It
 * runs after the properties, in the order of the beans, before the mirror is built.
 */
@FunctionalInterface
public interface ClusterMirrorCustomizer {

    /**
     * Changes the settings of the mirror.
     *
     * @param builder the builder of the mirror, with the client, the event source, the store and the properties set
     */
    void customize(ClusterMirrorBuilder builder);
}
