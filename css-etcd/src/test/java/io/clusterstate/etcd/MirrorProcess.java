package io.clusterstate.etcd;

import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.sqs.SqsEventSource;
import io.clusterstate.testing.SimulatedEcs;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A process with a mirror, which says how it is doing until it is killed. */
final class MirrorProcess {

    private MirrorProcess() {}

    /**
     * Arguments: the addresses of ECS and SQS, the queue's URL, etcd's address, the namespace, the lease in seconds.
     */
    public static void main(String[] arguments) throws Exception {
        EcsClient ecs = SimulatedEcs.at(URI.create(arguments[0]), EcsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        SqsClient sqs = SimulatedEcs.at(URI.create(arguments[1]), SqsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        EtcdStateStore store = EtcdStateStore.builder(Etcd.at(arguments[3]).namespace(arguments[4]))
                .leaderLease(Duration.ofSeconds(Long.parseLong(arguments[5])))
                .build();
        ClusterMirror mirror = ClusterMirror.builder()
                .ecs(ecs)
                .events(SqsEventSource.of(sqs, arguments[2]).waitingUpTo(Duration.ofSeconds(1)))
                .store(store)
                .build();
        mirror.start();
        while (true) {
            MirrorStatus status = mirror.status();
            say(status.phase() + " " + status.role());
            say("applied " + status.deliveries().get(DeliveryOutcome.APPLIED));
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @SuppressWarnings("SystemOut") // its parent reads it
    private static void say(String line) {
        System.out.println(line);
    }
}
