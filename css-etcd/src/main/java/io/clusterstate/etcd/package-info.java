/** The store for many processes, on etcd: every process follows it into a snapshot of its own, and reads from that. */
@NullMarked
package io.clusterstate.etcd;

import org.jspecify.annotations.NullMarked;
