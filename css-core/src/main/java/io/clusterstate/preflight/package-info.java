/**
 * The preflight of a mirror: a look at the queue, its policy, the rules of EventBridge, the rights and the clock,
 * before a mirror needs them.
 *
 * <p>Begin at {@link io.clusterstate.preflight.MirrorPreflight}. It reads AWS through the host's clients, and judges
 * what a mirror would meet. Only {@link io.clusterstate.preflight.EventRules} needs the EventBridge module of the AWS
 * SDK, an optional dependency: a host that uses the class declares {@code software.amazon.awssdk:eventbridge} itself.
 */
@NullMarked
package io.clusterstate.preflight;

import org.jspecify.annotations.NullMarked;
