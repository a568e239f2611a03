/**
 * The AWS SDK's model types as JSON, for hosts that answer with them.
 *
 * <p>{@link io.clusterstate.json.EcsJson} needs nothing that css-core does not bring.
 * {@link io.clusterstate.json.EcsJacksonModule} needs Jackson 3, an optional dependency: a host that uses it declares
 * {@code tools.jackson.core:jackson-databind} itself.
 */
@NullMarked
package io.clusterstate.json;

import org.jspecify.annotations.NullMarked;
