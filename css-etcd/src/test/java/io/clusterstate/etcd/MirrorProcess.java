package io.clusterstate.etcd;

import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.sqs.SqsEventSource;
import io.clusterstate.testing.SimulatorFixture;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A process with a mirror, which prints its state until it is killed or its input ends. */
final class MirrorProcess {

    private MirrorProcess() {}

    /**
     * Arguments: the addresses of ECS and SQS, the queue's URL, etcd's addresses with commas between, the namespace,
     * the lease in seconds; and for an etcd with TLS the files of the certificate and of the key.
     */
    public static void main(String[] arguments) throws Exception {
        EcsClient ecs = SimulatorFixture.at(URI.create(arguments[0]), EcsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        SqsClient sqs = SimulatorFixture.at(URI.create(arguments[1]), SqsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        EtcdStateStore store = EtcdStateStore.builder(etcd(arguments).namespace(arguments[4]))
                .leaderLease(Duration.ofSeconds(Long.parseLong(arguments[5])))
                .build();
        try (ClusterMirror mirror = ClusterMirror.builder()
                .ecs(ecs)
                .events(SqsEventSource.of(sqs, arguments[2]).waitingUpTo(Duration.ofSeconds(1)))
                .store(store)
                .build()) {
            mirror.start();
            while (System.in.available() == 0) {
                say(mirror.status());
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        say("closed");
    }

    private static Etcd etcd(String[] arguments) {
        Etcd plain = Etcd.at(arguments[3].split(",", -1));
        if (arguments.length <= 6) {
            return plain;
        }
        Path certificate = Path.of(arguments[6]);
        return plain.tls(certificate, certificate, Path.of(arguments[7]));
    }

    private static void say(MirrorStatus status) {
        Map<DeliveryOutcome, Long> deliveries = status.deliveries();
        say(status.phase() + " " + status.role());
        say("applied " + deliveries.get(DeliveryOutcome.APPLIED));
        say("known " + deliveries.get(DeliveryOutcome.KNOWN));
    }

    @SuppressWarnings("SystemOut") // its parent reads it
    private static void say(String line) {
        System.out.println(line);
    }
}
