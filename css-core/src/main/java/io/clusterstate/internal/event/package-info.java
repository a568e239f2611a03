/**
 * The decoder: one message body to one value, in one pass. Not API.
 *
 * <p>In the room: the readers of each detail type. It touches Jackson's tokens, {@code internal.shape} and the changes
 * of {@code spi}; no network and no store. Through it walks every body, once; behind it nobody sees JSON.
 */
@NullMarked
package io.clusterstate.internal.event;

import org.jspecify.annotations.NullMarked;
