package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.clusterstate.Snapshot;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The README's example of many processes, at work. */
class ReadmeEtcdTest {

    @Test
    @Timeout(300)
    void severalProcessesShareOneState() throws Exception {
        try (EtcdServer server = EtcdServer.launch();
                EcsAccess ecsAccess = EcsAccess.simulated(
                        Simulator.builder().clusters(2).tasks(100).build())) {
            EcsClient ecsClient = ecsAccess.ecs();
            SqsClient sqsClient = ecsAccess.sqs();
            String address = server.endpoint().toString();

            // region: etcd-mirror
            Etcd etcd = Etcd.at(address); // each member's address; .tls(…), .user(…), .namespace(…)
            ClusterMirror mirror = ClusterMirror.builder()
                    .ecs(ecsClient)
                    .events(SqsEventSource.of(sqsClient, "css_queue"))
                    .store(EtcdStateStore.of(etcd))
                    .build();
            mirror.start();
            // end: etcd-mirror

            // region: etcd-reader
            EtcdStateReader reader = EtcdStateReader.of(etcd);
            reader.start();
            reader.view().awaitReady(Duration.ofSeconds(30));
            Snapshot now = reader.view().awaitCurrent(Duration.ofSeconds(5)); // includes every earlier write
            // end: etcd-reader

            assertEquals(2, now.clusters().count());
            assertFalse(now.tasks().list().isEmpty());
            reader.close();
            mirror.close();
        }
    }
}
