package io.clusterstate.etcd;

import io.clusterstate.ClusterStateView;
import java.time.Duration;

/**
 * A process that only reads: says how long its view took to be ready, and what is in it.
 *
 * <p>It is compiled with all that tests have, and runs with what a reader needs: see {@link ReaderProcessTest}.
 */
final class ReaderProcess {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private ReaderProcess() {}

    /** Takes etcd's address and the namespace; prints milliseconds, the number of tasks, and the revision. */
    public static void main(String[] args) throws Exception {
        try (EtcdStateReader reader = EtcdStateReader.of(Etcd.at(args[0]).namespace(args[1]))) {
            long begun = System.nanoTime();
            reader.start();
            ClusterStateView view = reader.view();
            view.awaitReady(LIMIT);
            long took = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            System.out.println(took + " " + view.snapshot().tasks().count() + " "
                    + view.snapshot().revision());
        }
    }
}
