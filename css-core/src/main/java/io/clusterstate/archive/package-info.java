/**
 * The history of a view: ended tasks with their causes, and the steps of every entity. ECS describes a stopped task for
 * an hour, and a view keeps it no longer than its store's retention.
 *
 * <p>{@link io.clusterstate.archive.ViewArchive} answers from what a view still holds.
 * {@link io.clusterstate.archive.FileArchive} records a view in local files, and answers about tasks that ECS forgot.
 */
@NullMarked
package io.clusterstate.archive;

import org.jspecify.annotations.NullMarked;
