/**
 * Facts about ECS that the AWS SDK lacks: the parts of its ARNs, and the capacity of container instances.
 *
 * <p>The room holds values and functions, and uses the SDK's model alone.
 */
@NullMarked
package io.clusterstate.ecs;

import org.jspecify.annotations.NullMarked;
