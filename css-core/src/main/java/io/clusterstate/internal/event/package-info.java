/**
 * The decoder, which turns a message body into a value in one pass. Not API.
 *
 * <p>The room holds the readers of each detail type. It uses Jackson's tokens, {@code internal.shape} and the changes
 * of {@code spi}, but no network and no store. Every body passes through it once; no code behind it handles JSON.
 */
@NullMarked
package io.clusterstate.internal.event;

import org.jspecify.annotations.NullMarked;
