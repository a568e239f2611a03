/**
 * The event source that receives from Amazon SQS, and the tag by which a mirror claims its queue.
 *
 * <p>The room holds one public type and its package-private parts. It uses {@code spi} and the SQS client. Every
 * delivery passes through it, in from the queue and out when it is settled.
 */
@NullMarked
package io.clusterstate.sqs;

import org.jspecify.annotations.NullMarked;
