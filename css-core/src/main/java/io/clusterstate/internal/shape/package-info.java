/** How the AWS SDK's model types are put together, and bringing them to one shape. Not API. */
@NullMarked
package io.clusterstate.internal.shape;

import org.jspecify.annotations.NullMarked;
