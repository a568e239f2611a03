/** One snapshot over the snapshots of several views: the merged lookups, queries and freshness. Not API. */
@NullMarked
package io.clusterstate.internal.composite;

import org.jspecify.annotations.NullMarked;
