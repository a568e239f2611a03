/**
 * The history of a view: ended tasks with their causes, and the steps of every entity. ECS describes a stopped task for
 * an hour, and a view keeps it no longer than its store's retention.
 *
 * <p>{@link io.clusterstate.archive.ViewArchive} answers from what a view still holds.
 */
@NullMarked
package io.clusterstate.archive;

import org.jspecify.annotations.NullMarked;
