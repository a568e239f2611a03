package io.clusterstate.etcd;

import static io.clusterstate.testing.Await.await;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.spi.Coordination;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

/** One etcd for all tests that do it no harm, with a place of its own for each. It ends with this JVM. */
final class TestEtcd {

    private static final EtcdServer SERVER = launch();
    private static final Client CLIENT = Client.builder()
            .endpoints(SERVER.endpoint())
            .waitForReady(false)
            .maxInboundMessageSize(64 * 1024 * 1024)
            .build();
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private TestEtcd() {}

    private static EtcdServer launch() {
        try {
            return EtcdServer.launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static EtcdServer server() {
        return SERVER;
    }

    /** A client that tests share. */
    static Client client() {
        return CLIENT;
    }

    /** The server through the shared client, at a place where nothing is. */
    static Etcd shared() {
        return Etcd.through(CLIENT).namespace(newNamespace());
    }

    /** The server by its address, at a place where nothing is. */
    static Etcd byAddress() {
        return Etcd.at(SERVER.endpoint().toString()).namespace(newNamespace());
    }

    static String newNamespace() {
        return "test-" + NAMESPACES.incrementAndGet() + "/";
    }

    /** Starts a store, and waits until it is live and leads. */
    static EtcdStateStore leading(EtcdStateStore store) {
        Coordination coordination = following(store).coordination().orElseThrow();
        await(() -> coordination.term() != 0);
        return store;
    }

    /** Starts a store, and waits until it is live. */
    static EtcdStateStore following(EtcdStateStore store) {
        Coordination coordination = store.coordination().orElseThrow();
        coordination.start();
        await(() -> coordination.link().isLive());
        return store;
    }
}
