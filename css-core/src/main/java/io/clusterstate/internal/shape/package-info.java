/**
 * How the AWS SDK's model types are put together, and the one shape that events and API answers are brought to. Not
 * API.
 *
 * <p>In the room: descriptions of types, and pools that make equal values one object. It touches the SDK's model and
 * {@link io.clusterstate.EntityKind}.
 */
@NullMarked
package io.clusterstate.internal.shape;

import org.jspecify.annotations.NullMarked;
