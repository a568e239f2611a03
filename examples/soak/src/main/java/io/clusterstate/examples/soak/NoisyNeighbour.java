package io.clusterstate.examples.soak;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;

/** A further caller of an account, who uses its API rates up. */
final class NoisyNeighbour implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(15);

    private final EcsClient ecs;
    private final String cluster;
    private final Thread thread = new Thread(this::run, "soak-neighbour");

    private NoisyNeighbour(Account account) {
        this.ecs = account.simulator().ecsClient();
        this.cluster = account.cluster(0);
    }

    static NoisyNeighbour of(Account account) {
        NoisyNeighbour neighbour = new NoisyNeighbour(account);
        neighbour.thread.setDaemon(true);
        neighbour.thread.start();
        return neighbour;
    }

    private void run() {
        try {
            while (true) {
                call(() -> ecs.listTasks(request -> request.cluster(cluster)));
                call(() -> ecs.describeClusters(request -> request.clusters(cluster)));
                call(() -> ecs.listServices(request -> request.cluster(cluster)));
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void call(Runnable call) throws InterruptedException {
        try {
            call.run();
        } catch (SdkException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("a call was interrupted");
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
