/**
 * Facts about ECS that the AWS SDK leaves out: the parts of its ARNs, and the capacity of container instances.
 *
 * <p>In the room: values and functions. It touches the SDK's model alone.
 */
@NullMarked
package io.clusterstate.ecs;

import org.jspecify.annotations.NullMarked;
