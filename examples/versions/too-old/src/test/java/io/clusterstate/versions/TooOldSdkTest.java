package io.clusterstate.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.mirror.ClusterMirror;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Starts css on a real AWS SDK that is one version older than the least. */
class TooOldSdkTest {

    private static final String VERSION = System.getProperty("tried").split(" ", 2)[0];

    @Test
    void aMirrorNamesTheSdkAndTheLeastVersion() {
        assertIsRefused(ClusterMirror.builder()::build);
    }

    @Test
    void aReaderNamesTheSdkAndTheLeastVersion() {
        assertIsRefused(() -> EtcdStateReader.of(Etcd.at("http://127.0.0.1:1")));
    }

    private static void assertIsRefused(Executable start) {
        String message = assertThrows(IllegalStateException.class, start).getMessage();

        assertEquals(
                "AWS SDK for Java: " + VERSION + " (expected: " + System.getProperty("least")
                        + " or later, with all modules of one version;",
                message.substring(0, message.indexOf(';') + 1));
    }
}
