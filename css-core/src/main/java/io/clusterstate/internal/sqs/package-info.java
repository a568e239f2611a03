/**
 * The address of a queue, and the judgement of its client and its attributes. The event source and the preflight share
 * it.
 */
@NullMarked
package io.clusterstate.internal.sqs;

import org.jspecify.annotations.NullMarked;
