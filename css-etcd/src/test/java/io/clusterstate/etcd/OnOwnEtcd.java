package io.clusterstate.etcd;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.StoreLink;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests that each have an etcd of their own, with a writer, and a reader behind a proxy. */
abstract class OnOwnEtcd {

    EtcdServer server;
    Scene scene;

    @BeforeEach
    void open() throws Exception {
        server = EtcdServer.launch();
        scene = Scene.open(server);
    }

    @AfterEach
    void close() {
        scene.close();
        server.close();
    }

    Etcd etcd() {
        return Etcd.at(server.endpoint().toString()).namespace(scene.namespace());
    }

    StoreLink link() {
        return scene.view().freshness().link();
    }

    void compact() throws Exception {
        try (Client client = client()) {
            long revision =
                    client.getKVClient().get(key("any")).get().getHeader().getRevision();
            client.getKVClient().compact(revision).get();
        }
    }

    Client client() {
        return Client.builder().endpoints(server.endpoint()).build();
    }

    static ByteSequence key(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    static long version(Snapshot snapshot, String id) {
        return snapshot.observed(EntityKind.TASK, Entities.taskArn(SampleChanges.CLUSTER, id))
                .map(Observed::version)
                .orElse(0L);
    }
}
