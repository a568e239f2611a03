package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etcd.jetcd.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What callers see of a client that fails before it asks. */
class EtcdConnectionTest {

    /** As jetcd does in a JVM that shuts down, where Vert.x can register nothing any more. */
    @Test
    void aCallThatCannotBeMadeIsAFailureLikeAnyOther() {
        try (EtcdConnection connection = EtcdConnection.ofOurOwn(
                () -> Client.builder().endpoints("http://127.0.0.1:1").build(), "etcd", Duration.ofSeconds(5))) {
            EtcdFailure failure = assertThrows(
                    EtcdFailure.class,
                    () -> connection.call("giving a lease back", client -> {
                        throw new IllegalStateException("Shutdown in progress");
                    }));

            assertEquals("etcd: giving a lease back: Shutdown in progress", failure.getMessage());
        }
    }
}
