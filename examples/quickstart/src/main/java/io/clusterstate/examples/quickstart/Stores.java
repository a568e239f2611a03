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
 * Where the mirrors hold their state.
 *
 * @param etcd the etcd that they share; empty if each has a store in memory
 * @param server the process that was started for that; empty if it was there, or is not needed
 */
record Stores(Optional<Etcd> etcd, Optional<EtcdServer> server) implements AutoCloseable {

    /** The kinds of stores. */
    enum Kind {
        MEMORY,
        ETCD
    }

    /**
     * Opens them.
     *
     * @param address of an etcd that is there; null to start one on this machine, which {@link #close()} ends
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

    /** A store for one mirror. */
    StateStore newStore() {
        return etcd.<StateStore>map(EtcdStateStore::of).orElseGet(MemoryStateStore::new);
    }

    @Override
    public void close() {
        server.ifPresent(EtcdServer::close);
    }
}
