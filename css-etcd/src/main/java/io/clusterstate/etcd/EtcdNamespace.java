package io.clusterstate.etcd;

/**
 * The keys of one state in one etcd.
 *
 * @param connection the connection to that etcd, shared by everything in this process that uses the state
 * @param keys the names of the keys
 */
record EtcdNamespace(EtcdConnection connection, Keys keys) {

    @Override
    public String toString() {
        return connection.toString();
    }
}
