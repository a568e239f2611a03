/**
 * The store for several processes, on etcd.
 *
 * <p>In this room are {@link io.clusterstate.etcd.EtcdStateStore} for mirrors and
 * {@link io.clusterstate.etcd.EtcdStateReader} for processes that only read. {@link io.clusterstate.etcd.Etcd} is the
 * address of the state. Package-private are the replica, its loader and its follower, the writer and its transactions,
 * the election of a leader, the keys and the format of the values.
 *
 * <p>It may touch jetcd, the SPI, ARNs, and of the core's internal packages {@code json}, {@code loop} and
 * {@code shape}. It touches no AWS client and no mirror. No other room names a type of jetcd.
 *
 * <p>A write walks from a mirror through {@code Writer} and {@code TransactionDraft} into one etcd transaction. A
 * change walks back from {@code Watch} through {@code Follower} into {@code Replica}, which publishes it in the journal
 * that views read. No read goes to etcd.
 */
@NullMarked
package io.clusterstate.etcd;

import org.jspecify.annotations.NullMarked;
