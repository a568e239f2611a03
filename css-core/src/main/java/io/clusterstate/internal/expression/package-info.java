/**
 * The cluster query language of ECS: a text to a test of container instances. Not API.
 *
 * <p>The room holds a recursive descent parser and patterns that match in linear time. It knows the AWS SDK's container
 * instance, but no snapshot: a caller hands in the task groups on an instance. Its errors are the read side's.
 */
@NullMarked
package io.clusterstate.internal.expression;

import org.jspecify.annotations.NullMarked;
