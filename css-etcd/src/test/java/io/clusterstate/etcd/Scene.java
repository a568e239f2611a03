package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.Snapshot;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.TcpProxy;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Rebuilt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A writer that reaches an etcd straight, and a reader whose connection goes through a proxy, with a listener that
 * makes a map of what it is told.
 */
final class Scene implements AutoCloseable {

    static final Duration STALE_AFTER = Duration.ofSeconds(2);

    private final EtcdServer server;
    private final TcpProxy proxy;
    private final String namespace = TestEtcd.newNamespace();
    private final EtcdStateStore writer;
    private final EtcdStateReader reader;
    private final Rebuilt map = new Rebuilt();
    private long version;

    private Scene(EtcdServer server, Duration timeout) {
        this.server = server;
        this.proxy = TcpProxy.to(server.clientPort());
        this.writer = TestEtcd.leading(
                EtcdStateStore.builder(Etcd.at(server.endpoint().toString()).namespace(namespace))
                        .staleAfter(STALE_AFTER)
                        .leaderLease(Duration.ofSeconds(10))
                        .build());
        coordination()
                .confirm(
                        new Confirmation(true, Optional.of(Instant.EPOCH), Map.of()),
                        coordination().term());
        this.reader = EtcdStateReader.of(
                Etcd.at(proxy.endpoint().toString()).namespace(namespace).timeout(timeout),
                new ChangeJournal(),
                InstantSource.system(),
                Environment::daemon,
                STALE_AFTER);
        reader.view().subscribe(ChangeListener.builder().onBatch(map::enter).build());
        reader.start();
        await(() -> reader.view().isReady() && reader.view().freshness().link().isLive());
    }

    static Scene open(EtcdServer server) {
        return new Scene(server, Duration.ofSeconds(2));
    }

    EtcdServer server() {
        return server;
    }

    TcpProxy proxy() {
        return proxy;
    }

    EtcdStateStore writer() {
        return writer;
    }

    EtcdStateReader reader() {
        return reader;
    }

    ClusterStateView view() {
        return reader.view();
    }

    Coordination coordination() {
        return writer.coordination().orElseThrow();
    }

    String namespace() {
        return namespace;
    }

    /** Writes the next version of a few tasks, by one transaction each. */
    void write(int writes) {
        for (int i = 0; i < writes; i++) {
            version++;
            writer.apply(List.of(SampleChanges.event("task" + version % 7, version)));
        }
    }

    /** Removes a task that there is, with proof. */
    void remove(String id) {
        writer.apply(List.of(SampleChanges.missing(
                EntityKind.TASK,
                Entities.taskArn(SampleChanges.CLUSTER, id),
                version,
                Instant.now().getEpochSecond())));
    }

    /** Waits until the reader, and the map that its listener makes, have what the writer has. */
    void awaitEqual() {
        await(() -> reader.view().snapshot().revision() == writer.snapshot().revision());
        Snapshot end = reader.view().snapshot();
        await(() -> map.revision() == end.revision());
        map.assertIs(end);
        assertEquals(valuesOf(writer.snapshot()), valuesOf(end));
    }

    static List<String> valuesOf(Snapshot snapshot) {
        List<String> values = new ArrayList<>();
        Rebuilt.entitiesOf(snapshot)
                .values()
                .forEach(each -> values.add(each + " described " + each.describedAt() + ": " + each.value()));
        values.sort(null);
        return values;
    }

    @Override
    public void close() {
        reader.close();
        writer.close();
        proxy.close();
    }
}
