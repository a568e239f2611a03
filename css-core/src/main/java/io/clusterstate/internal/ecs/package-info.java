/**
 * The door to the ECS API: paced, counted and stamped calls, and their answers. Not API.
 *
 * <p>The room holds the list and describe operations, the budget of the calls, and the account and Region of the
 * answers. It uses the ECS client and the other mechanisms, but no store. Every call to ECS passes through it.
 */
@NullMarked
package io.clusterstate.internal.ecs;

import org.jspecify.annotations.NullMarked;
