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

    /**
     * Joins two connections. A connection replaces its client because of new certificates or a member that hangs, and
     * both concern the other connection as well.
     */
    static EtcdNamespace of(EtcdConnection<Client> connection, EtcdConnection<ReadClient> reads, Keys keys) {
        connection.afterReplacement(reads::renew);
        reads.afterReplacement(connection::renew);
        return new EtcdNamespace(connection, reads, keys);
    }

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
