/**
 * The structure of the AWS SDK's model types, and the canonical shape of events and API answers. Not API.
 *
 * <p>The room holds descriptions of types, and pools that make equal values one object. It uses the SDK's model,
 * Jackson's form of a name, and {@link io.clusterstate.EntityKind}.
 */
@NullMarked
package io.clusterstate.internal.shape;

import org.jspecify.annotations.NullMarked;
