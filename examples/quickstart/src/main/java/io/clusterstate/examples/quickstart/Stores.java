package io.clusterstate.examples.quickstart;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spi.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stores of the mirrors.
 *
 * @param etcd the etcd that the mirrors share; empty if each has a store in memory
 * @param server the etcd process that was started for them; empty if none was
 */
record Stores(Optional<Etcd> etcd, Optional<EtcdServer> server) implements AutoCloseable {

    /** The kinds of stores. */
    enum Kind {
        MEMORY,
        ETCD
    }

    /**
     * Opens the stores.
     *
     * @param address the address of a running etcd; null to start an etcd here, which {@link #close()} ends
     */
    static Stores open(Kind kind, @Nullable String address) throws InterruptedException {
        if (kind == Kind.MEMORY) {
            return new Stores(Optional.empty(), Optional.empty());
        }
        if (address != null) {
            return new Stores(Optional.of(Etcd.at(address)), Optional.empty());
        }
        try {
            EtcdServer server =
                    EtcdServer.launch("--auto-compaction-mode", "revision", "--auto-compaction-retention", "10000");
            return new Stores(Optional.of(Etcd.at(server.endpoint().toString())), Optional.of(server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A store for a mirror. */
    StateStore newStore() {
        return etcd.<StateStore>map(EtcdStateStore::of).orElseGet(MemoryStateStore::new);
    }

    @Override
    public void close() {
        server.ifPresent(EtcdServer::close);
    }
}
