/** The AWS SDK's model types as JSON, read and written. Not API. */
@NullMarked
package io.clusterstate.internal.json;

import org.jspecify.annotations.NullMarked;
