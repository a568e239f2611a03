/** From a message body to a value, once: the border at which JSON ends. Touches no network and no store. Not API. */
@NullMarked
package io.clusterstate.internal.event;

import org.jspecify.annotations.NullMarked;
