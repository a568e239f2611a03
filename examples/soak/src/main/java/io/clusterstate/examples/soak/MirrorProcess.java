package io.clusterstate.examples.soak;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.StateStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A process with a mirror on the shared store. It runs until its input ends or it is killed. */
final class MirrorProcess {

    private MirrorProcess() {}

    /**
     * Runs the mirror.
     *
     * @param arguments as {@link #arguments} has them
     * @throws IOException if the input cannot be read
     */
    @SuppressWarnings("SystemOut") // its parent reads it
    public static void main(String[] arguments) throws IOException {
        try (EcsClient ecs = Account.ecs(URI.create(arguments[0]), arguments[3]);
                SqsClient sqs = Account.sqs(URI.create(arguments[1]), arguments[3]);
                ClusterMirror mirror = MirrorSettings.mirror(
                        ecs,
                        MirrorSettings.events(sqs, arguments[2], InstantSource.system()),
                        store(arguments),
                        InstantSource.system(),
                        MirrorProcess::daemon)) {
            mirror.start();
            System.out.println("started");
            int input = System.in.read();
            System.out.println("ends after " + input + ": " + mirror.status().problems());
        }
    }

    static List<String> arguments(Account account, EtcdLink link, Path certificate, Path key) {
        return List.of(
                account.simulator().ecsEndpoint().toString(),
                account.simulator().sqsEndpoint().toString(),
                account.simulator().queueUrl(),
                account.region(),
                String.join(",", link.addresses()),
                SoakEtcd.namespace(),
                certificate.toString(),
                key.toString());
    }

    private static StateStore store(String[] arguments) {
        Path certificate = Path.of(arguments[6]);
        Etcd etcd = Etcd.at(arguments[4].split(",", -1))
                .namespace(arguments[5])
                .tls(certificate, certificate, Path.of(arguments[7]));
        return MirrorSettings.store(etcd, InstantSource.system(), MirrorProcess::daemon);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }
}
