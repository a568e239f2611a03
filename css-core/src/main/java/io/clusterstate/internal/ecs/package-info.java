/**
 * The door to the ECS API: calls that are paced, counted and stamped, and what their answers say. Not API.
 *
 * <p>In the room: the listing and describing operations, the budget that each call draws on, and the account and Region
 * that answers belong to. It touches the ECS client and the other mechanisms, no store. Through it walks every call.
 */
@NullMarked
package io.clusterstate.internal.ecs;

import org.jspecify.annotations.NullMarked;
