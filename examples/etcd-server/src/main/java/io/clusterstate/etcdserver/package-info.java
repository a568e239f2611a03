/**
 * A real etcd on this machine, for tests and examples: found or provided, started, stopped, killed, paused, and cut
 * off. It depends on no module of the library.
 */
@NullMarked
package io.clusterstate.etcdserver;

import org.jspecify.annotations.NullMarked;
