package io.clusterstate.benchmarks;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.Upsert;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An etcd on this machine, with a store that leads and has loaded tasks into it. */
final class LoadedEtcd implements AutoCloseable {

    private static final int PAGE = 1_000;

    private final EtcdServer server;
    private final EtcdStateStore store;

    private LoadedEtcd(EtcdServer server) {
        this.server = server;
        this.store = EtcdStateStore.of(Etcd.at(endpoint()));
    }

    /** Starts etcd and loads this many of the samples. */
    static LoadedEtcd start(TaskSamples samples, int tasks) throws IOException, InterruptedException {
        LoadedEtcd etcd = new LoadedEtcd(
                EtcdServer.launch("--auto-compaction-mode", "periodic", "--auto-compaction-retention", "10s"));
        etcd.load(DescribedTasks.upserts(samples, tasks));
        return etcd;
    }

    private void load(List<Upsert<?>> tasks) throws InterruptedException {
        Coordination coordination = store.coordination().orElseThrow();
        coordination.start();
        while (coordination.term() == 0 || !coordination.link().isLive()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        for (int from = 0; from < tasks.size(); from += PAGE) {
            store.apply(tasks.subList(from, Math.min(from + PAGE, tasks.size())));
        }
        coordination.confirm(new Confirmation(true, Optional.of(Instant.EPOCH), Map.of()), coordination.term());
    }

    String endpoint() {
        return server.endpoint().toString();
    }

    /** The bytes that etcd has sent to all its clients. */
    long bytesSent() throws IOException, InterruptedException {
        return server.bytesSentToClients();
    }

    EtcdStateStore store() {
        return store;
    }

    @Override
    public void close() {
        store.close();
        server.close();
    }
}
