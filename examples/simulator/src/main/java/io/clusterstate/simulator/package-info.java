/**
 * A simulated Amazon ECS for development and tests: its API over HTTP, and its events in an SQS queue. Behind both is a
 * world of clusters that changes by itself, fails on demand, and reports its true state. It runs in a single JVM and
 * listens on the loopback interface only.
 *
 * <p>Begin at {@link io.clusterstate.simulator.Simulator}, or in JUnit tests at
 * {@link io.clusterstate.simulator.junit.SimulatedEcs}. Inside, {@code World} keeps the state; {@code TaskLifecycle},
 * {@code HostLifecycle} and {@code ServiceScheduler} change it. {@code ActivityGenerator} starts random changes, and
 * {@code EcsApi} answers calls. {@code Outbox} and {@code EventSender} bring the events to the queue.
 */
@NullMarked
package io.clusterstate.simulator;

import org.jspecify.annotations.NullMarked;
