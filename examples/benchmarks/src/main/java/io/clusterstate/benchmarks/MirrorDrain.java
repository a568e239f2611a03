package io.clusterstate.benchmarks;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.StateStore;
import io.clusterstate.sqs.SqsEventSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

/** A mirror as an application embeds it. Its store is in memory, or in etcd if an address is given. */
final class MirrorDrain extends Drain {

    private final GatedSource source;

    private MirrorDrain(GatedSource source) {
        this.source = source;
    }

    /** Takes the queue server's address, the queue's URL, the address of ECS, and perhaps that of etcd. */
    public static void main(String[] args) throws IOException, InterruptedException, TimeoutException {
        GatedSource source = new GatedSource(SqsEventSource.of(SimulatedAws.sqs(args[0]), args[1]));
        StateStore store = args.length > 3 ? EtcdStateStore.of(Etcd.at(args[3])) : new MemoryStateStore();
        ClusterMirror mirror = ClusterMirror.builder()
                .ecs(SimulatedAws.ecs(args[2]))
                .events(source)
                .store(store)
                .build();
        mirror.start();
        mirror.view().awaitReady(Duration.ofMinutes(1));
        new MirrorDrain(source).serve();
    }

    @Override
    void take(long messages, CountDownLatch done) {
        source.open(messages, rest(messages), done);
    }
}
