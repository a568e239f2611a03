/** What an application needs to know of ECS itself, beside the AWS SDK: how its ARNs are put together. */
@NullMarked
package io.clusterstate.ecs;

import org.jspecify.annotations.NullMarked;
