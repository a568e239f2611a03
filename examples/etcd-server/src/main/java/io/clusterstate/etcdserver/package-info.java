/**
 * A real etcd on this machine, for tests and examples: found or downloaded, started, stopped, killed, paused and cut
 * off. This module depends on no module of the library.
 */
@NullMarked
package io.clusterstate.etcdserver;

import org.jspecify.annotations.NullMarked;
