package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.etcdserver.Certificates;
import io.etcd.jetcd.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class EtcdTest {

    private static final String ADDRESS = "http://127.0.0.1:2379";

    private final Etcd etcd = Etcd.at(ADDRESS);

    @TempDir
    Path folder;

    @Test
    void needsAnEndpoint() {
        assertRefused(
                "endpoints: [] (expected: at least one, each as http://HOST:PORT or https://HOST:PORT)", Etcd::at);
    }

    @Test
    void namesTheEndpointsIfOneIsMalformed() {
        for (String strange : List.of(
                "",
                "127.0.0.1:2379",
                "http://127.0.0.1",
                "http://:2379",
                "http://127.0.0.1:",
                "ftp://127.0.0.1:2379")) {
            assertRefused(
                    "endpoints: [" + ADDRESS + ", " + strange
                            + "] (expected: at least one, each as http://HOST:PORT or https://HOST:PORT)",
                    () -> Etcd.at(ADDRESS, strange));
        }
    }

    @Test
    void aNamespaceEndsWithASlash() {
        assertRefused("prefix: css (expected: to end with /)", () -> etcd.namespace("css"));
        assertRefused("prefix:  (expected: to end with /)", () -> etcd.namespace(""));
    }

    @Test
    void aTimeLimitIsNotTooShort() {
        assertRefused("limit: PT0.099S (expected: at least 100 ms)", () -> etcd.timeout(Duration.ofMillis(99)));
        assertRefused("limit: PT-1S (expected: at least 100 ms)", () -> etcd.timeout(Duration.ofSeconds(-1)));
        etcd.timeout(Duration.ofMillis(100));
    }

    @Test
    void aClientIsNeeded() {
        assertEquals(
                "client: null (expected: a client)",
                assertThrows(NullPointerException.class, () -> Etcd.through(null))
                        .getMessage());
    }

    @Test
    void aHostsClientHasItsUserAndTlsAlready() {
        try (Client client = Client.builder().endpoints(ADDRESS).build()) {
            Etcd hosts = Etcd.through(client);
            Path none = folder.resolve("none.pem");

            assertNotForAHostsClient("user", () -> hosts.user("css", "secret"));
            assertNotForAHostsClient("tls", () -> hosts.tls(none));
            assertNotForAHostsClient("tls", () -> hosts.tls(none, none, none));
        }
    }

    private static void assertNotForAHostsClient(String what, Executable call) {
        assertEquals(
                what + ": the client is the host's (expected: to be set on that client)",
                assertThrows(IllegalStateException.class, call).getMessage());
    }

    @Test
    void aPemFileThatIsMissingOrIsNoneIsNamed() throws Exception {
        Path garbage = Files.writeString(folder.resolve("garbage.pem"), "garbage");
        for (Path file : List.of(folder.resolve("none.pem"), garbage)) {
            String refusal = "authority: " + file + " (expected: a PEM file of certificates)";

            assertRefused(refusal, () -> etcd.tls(file));
            assertRefused(refusal, () -> etcd.tls(file, file, file));
        }
    }

    @Test
    void aClientsCertificateOrKeyThatCannotBeReadIsNamed() throws Exception {
        Certificates own = Certificates.in(folder);
        Path none = folder.resolve("none.pem");

        assertNoPairOf(none, own.key(), own.certificate());
        assertNoPairOf(own.certificate(), none, own.certificate());
        assertNoPairOf(own.certificate(), own.certificate(), own.certificate());
    }

    private void assertNoPairOf(Path certificate, Path key, Path authority) {
        assertRefused(
                "certificate, key: " + certificate + ", " + key
                        + " (expected: PEM files of certificates and of the private key to the first, in PKCS #8)",
                () -> etcd.tls(authority, certificate, key));
    }

    @Test
    void saysWhereItIsButNotTheSecret() {
        assertEquals(
                "etcd [" + ADDRESS + "] under css/", etcd.user("css", "secret").toString());
        assertEquals(
                "etcd [" + ADDRESS + "] under prod/", etcd.namespace("prod/").toString());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
