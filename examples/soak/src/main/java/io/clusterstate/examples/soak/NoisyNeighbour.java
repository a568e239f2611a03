package io.clusterstate.examples.soak;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;

/** A further caller of an account, who uses up its rate for reads of tasks and instances. */
final class NoisyNeighbour implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(30);

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
                if (!isAnswered()) {
                    TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes a call; false if ECS did not answer it. */
    private boolean isAnswered() throws InterruptedException {
        try {
            ecs.listTasks(request -> request.cluster(cluster));
            return true;
        } catch (SdkException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("a call was interrupted");
            }
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
