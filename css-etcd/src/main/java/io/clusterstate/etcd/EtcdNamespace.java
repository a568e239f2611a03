package io.clusterstate.etcd;

import io.etcd.jetcd.Client;

/**
 * The keys of one state in one etcd.
 *
 * @param connection the connection for all but the replica's reads, shared by everything in this process that uses the
 *     state
 * @param reads the connection for the replica's reads
 * @param keys the names of the keys
 */
record EtcdNamespace(EtcdConnection<Client> connection, EtcdConnection<ReadClient> reads, Keys keys)
        implements AutoCloseable {

    /** Closes both connections. */
    @Override
    public void close() {
        reads.close();
        connection.close();
    }

    @Override
    public String toString() {
        return reads.toString();
    }
}
