/**
 * A simulated Amazon ECS for development and tests: its API over HTTP, its events in an SQS queue, and a world of
 * clusters behind both that lives by itself, breaks on demand, and tells the truth about itself. All of it runs in one
 * JVM and is reachable on the loopback interface only.
 *
 * <p>{@link io.clusterstate.simulator.Simulator} is where to begin. Inside, {@code World} holds what there is,
 * {@code TaskLifecycle}, {@code HostLifecycle} and {@code ServiceScheduler} change it, {@code ActivityGenerator} thinks
 * of what happens next, {@code EcsApi} answers calls, and {@code Outbox} and {@code EventSender} carry the events to
 * the queue.
 */
@NullMarked
package io.clusterstate.simulator;

import org.jspecify.annotations.NullMarked;
