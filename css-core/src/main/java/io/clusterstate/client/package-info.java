/**
 * The AWS SDK's {@code EcsClient} and {@code EcsAsyncClient} over a view: reads that the view can answer make no call,
 * and everything else goes to a client of the host.
 *
 * <p>The room translates requests of the ECS API into queries. It uses the public read side alone.
 */
@NullMarked
package io.clusterstate.client;

import org.jspecify.annotations.NullMarked;
