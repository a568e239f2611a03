package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.NOW;
import static io.clusterstate.testing.Entities.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.etcdserver.Certificates;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.testing.Entities;
import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that does not let everybody in. */
class SecureEtcdTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final String NAMESPACE = "test-auth/";
    private static final Duration SOON = Duration.ofMinutes(1);

    /** So often that it is no accident. */
    private static final int SEVERAL = 2;

    @TempDir
    Path folder;

    @Test
    void aStoreAndAReaderWorkWithBothCertificates() throws Exception {
        Certificates own = Certificates.in(folder);
        try (EtcdServer server = serverWith(own)) {
            assertServes(with(own, at(server)));
        }
    }

    @Test
    void withoutAClientsCertificateThereIsNoStateAndTheReasonIsTold() throws Exception {
        Certificates own = Certificates.in(folder);
        try (EtcdServer server = serverWith(own)) {
            assertKeepsOut(at(server).tls(own.certificate()), "certificate");
        }
    }

    @Test
    void aServerThatIsNotTrustedIsNotSpokenToAndTheReasonIsTold(@TempDir Path other) throws Exception {
        Certificates own = Certificates.in(folder);
        Certificates others = Certificates.in(other);
        try (EtcdServer server = serverWith(own)) {
            assertKeepsOut(at(server).tls(others.certificate(), own.certificate(), own.key()), "PKIX path");
        }
    }

    /** The files change under a server and a store and a reader; only the server is started again. */
    @Test
    void rotatedCertificatesAreReadOnceTheyAreWhole() throws Exception {
        Certificates servers = Certificates.in(Files.createDirectory(folder.resolve("server")));
        Certificates clients = servers.copyTo(Files.createDirectory(folder.resolve("client")));
        Certificates next = Certificates.in(Files.createDirectory(folder.resolve("next")));
        try (EtcdServer server = serverWith(servers);
                EtcdStateStore store = EtcdStateStore.of(with(clients, at(server)));
                EtcdStateReader reader = EtcdStateReader.of(with(clients, at(server)))) {
            TestEtcd.leading(store);
            reader.start();
            await(() -> isLive(reader));
            server.kill();
            next.copyTo(folder.resolve("server"));
            server.start();
            server.awaitUp();
            await(() -> hasFailedFor("PKIX path", reader.loops().get(0)));

            Files.writeString(clients.certificate(), "-----BEGIN CERT");
            String halfWritten = "authority: " + clients.certificate() + " (expected: a PEM file of certificates)";
            await(() -> hasFailedFor(halfWritten, reader.loops().get(0)));
            await(() -> hasFailedFor(halfWritten, coordination(store).loops().get(0)));
            assertThrows(StateStoreException.class, () -> write(store, "1"));

            next.copyTo(folder.resolve("client"));
            await(() -> coordination(store).link().isLive() && isLive(reader));
            write(store, "2");
            await(() -> reader.replica().upTo() == store.replica().upTo());
        }
    }

    @Test
    void aUserWithTheRightToTheNamespaceIsEnough() throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            enableUsers(server);
            assertServes(at(server).namespace(NAMESPACE).user("css", "css's secret"));
        }
    }

    /** etcd drops a user's tokens with each change of the password, and when they were not used for five minutes. */
    @Test
    void aTokenThatEtcdDropsIsReplacedWithoutAFailure() throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            enableUsers(server);
            Etcd etcd = at(server).namespace(NAMESPACE).user("css", "css's secret");
            try (EtcdStateStore store = TestEtcd.leading(EtcdStateStore.of(etcd));
                    Client root = Client.builder()
                            .endpoints(server.endpoint())
                            .user(bytes("root"))
                            .password(bytes("root's secret"))
                            .build()) {
                write(store, "1");

                done(root.getAuthClient().userChangePassword(bytes("css"), bytes("css's secret")));

                write(store, "2");
                assertEquals(0, store.etcd().connection().replaced());
            }
        }
    }

    /** A new password invalidates the user's tokens, here without being another one. */
    @Test
    void aReadWithATokenThatEtcdRefusesLogsInAgain() throws Exception {
        try (EtcdServer server = EtcdServer.launch();
                EtcdNamespace etcd = at(server)
                        .namespace(NAMESPACE)
                        .user("css", "css's secret")
                        .connect();
                Client root = Client.builder()
                        .endpoints(server.endpoint())
                        .user(bytes("root"))
                        .password(bytes("root's secret"))
                        .build()) {
            enableUsers(server);
            read(etcd.reads().client());
            done(root.getAuthClient().userChangePassword(bytes("css"), bytes("css's secret")));

            read(etcd.reads().client());
        }
    }

    @Test
    void aWatchWithATokenThatEtcdRefusesFailsAndTheNextLogsInAgain() throws Exception {
        try (EtcdServer server = EtcdServer.launch();
                EtcdNamespace etcd = at(server)
                        .namespace(NAMESPACE)
                        .user("css", "css's secret")
                        .connect();
                Client root = Client.builder()
                        .endpoints(server.endpoint())
                        .user(bytes("root"))
                        .password(bytes("root's secret"))
                        .build()) {
            enableUsers(server);
            ReadClient client = etcd.reads().client();
            assertTrue(begins(client));
            done(root.getAuthClient().userChangePassword(bytes("css"), bytes("css's secret")));
            assertFalse(begins(client));

            assertTrue(begins(client));
        }
    }

    /** Whether a watch begins, rather than to fail. */
    private static boolean begins(ReadClient client) throws InterruptedException {
        Watch watch = Watch.open(client, KeyRange.all(new Keys(NAMESPACE)), 1);
        try (watch) {
            return watch.poll(SOON.toMillis()) instanceof Watch.Message.Created;
        }
    }

    private static void read(ReadClient client) throws InterruptedException, ExecutionException, TimeoutException {
        client.read(KeyRange.all(new Keys(NAMESPACE)), ReadClient.PRESENT, 1).get(60, TimeUnit.SECONDS);
    }

    @Test
    void withAWrongPasswordThereIsNoStateAndTheReasonIsTold() throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            enableUsers(server);
            assertKeepsOut(at(server).namespace(NAMESPACE).user("css", "a guess"), "password");
        }
    }

    @Test
    void withoutAUserThereIsNoStateAndTheReasonIsTold() throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            enableUsers(server);
            assertKeepsOut(at(server).namespace(NAMESPACE), "user name");
        }
    }

    @Test
    void anotherNamespaceIsNotTheUsersAndTheReasonIsTold() throws Exception {
        try (EtcdServer server = EtcdServer.launch()) {
            enableUsers(server);
            assertKeepsOut(at(server).namespace("test-other/").user("css", "css's secret"), "permission denied");
        }
    }

    private static EtcdServer serverWith(Certificates own) throws Exception {
        return EtcdServer.launch(
                "--cert-file",
                own.certificate().toString(),
                "--key-file",
                own.key().toString(),
                "--trusted-ca-file",
                own.certificate().toString(),
                "--client-cert-auth=true");
    }

    private static Etcd at(EtcdServer server) {
        return Etcd.at(server.endpoint().toString());
    }

    private static Etcd with(Certificates own, Etcd etcd) {
        return etcd.tls(own.certificate(), own.certificate(), own.key());
    }

    private static boolean isLive(EtcdStateReader reader) {
        return reader.view().freshness().link().isLive();
    }

    private static Outcome write(EtcdStateStore store, String task) {
        return store.apply(List.of(upsert(TASK, CLUSTER, Entities.task(CLUSTER, task))))
                .get(0)
                .outcome();
    }

    /** A mirror's store leads and takes in, and a reader reads that. */
    private static void assertServes(Etcd etcd) throws Exception {
        try (EtcdStateStore store = EtcdStateStore.of(etcd);
                EtcdStateReader reader = EtcdStateReader.of(etcd)) {
            TestEtcd.leading(store);
            assertEquals(Outcome.ADDED, write(store, "1"));
            coordination(store)
                    .confirm(
                            new Confirmation(true, Optional.of(NOW), Map.of(CLUSTER, NOW)),
                            coordination(store).term());
            reader.start();

            reader.view().awaitReady(SOON);

            assertEquals(1, reader.view().snapshot().tasks().count());
            await(() -> reader.problems().isEmpty());
        }
    }

    private static void assertKeepsOut(Etcd etcd, String why) {
        try (EtcdStateStore store = EtcdStateStore.of(etcd);
                EtcdStateReader reader = EtcdStateReader.of(etcd)) {
            coordination(store).start();
            reader.start();

            await(() -> hasFailedFor(why, coordination(store).loops().get(0)));
            await(() -> hasFailedFor(why, reader.loops().get(0)));

            assertTrue(reader.problems().toString().contains(why), () -> reader.problems()
                    .toString());
            assertEquals(StoreLink.State.LOADING, coordination(store).link().state());
            assertEquals(0, coordination(store).term());
            assertEquals(
                    StoreLink.State.LOADING, reader.view().freshness().link().state());
        }
    }

    private static boolean hasFailedFor(String why, LoopStatus loop) {
        return loop.failuresInARow() >= SEVERAL
                && loop.lastFailure().orElseThrow().contains(why);
    }

    private static Coordination coordination(EtcdStateStore store) {
        return store.coordination().orElseThrow();
    }

    /** The administrator, and one who may read and write what is under the namespace and nothing else. */
    private static void enableUsers(EtcdServer server) throws Exception {
        try (Client client = Client.builder()
                .endpoints(server.endpoint())
                .waitForReady(false)
                .build()) {
            Auth auth = client.getAuthClient();
            done(auth.roleAdd(bytes("root")));
            done(auth.userAdd(bytes("root"), bytes("root's secret")));
            done(auth.userGrantRole(bytes("root"), bytes("root")));
            done(auth.roleAdd(bytes("mirrors")));
            done(auth.roleGrantPermission(
                    bytes("mirrors"), bytes(NAMESPACE), new Keys(NAMESPACE).end(), Permission.Type.READWRITE));
            done(auth.userAdd(bytes("css"), bytes("css's secret")));
            done(auth.userGrantRole(bytes("css"), bytes("mirrors")));
            done(auth.authEnable());
        }
    }

    private static void done(CompletableFuture<?> answer) throws Exception {
        answer.get(60, TimeUnit.SECONDS);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
