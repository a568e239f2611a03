/**
 * The event source that receives from Amazon SQS, and the tag by which a mirror claims its queue.
 *
 * <p>In the room: one public type and the parts of its work with the queue. It touches {@code spi} and the SQS client.
 * Through it walks every delivery, in from the queue and out when it is settled.
 */
@NullMarked
package io.clusterstate.sqs;

import org.jspecify.annotations.NullMarked;
