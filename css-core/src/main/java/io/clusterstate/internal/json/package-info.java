/**
 * The AWS SDK's model types as JSON, read and written. Not API.
 *
 * <p>The room holds a reader and a writer that follow the SDK's own field descriptions. It uses Jackson's tokens and
 * {@code internal.shape}. Events pass through it on their way in, and values on their way to etcd or a REST client.
 */
@NullMarked
package io.clusterstate.internal.json;

import org.jspecify.annotations.NullMarked;
