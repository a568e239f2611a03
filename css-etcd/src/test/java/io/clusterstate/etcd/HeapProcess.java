package io.clusterstate.etcd;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that only reads, and prints how much heap its view needs whenever it is asked. */
final class HeapProcess {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int COLLECTIONS = 3;

    private HeapProcess() {}

    /** Takes etcd's address and the namespace; for each line prints the used bytes, the tasks, and the loads so far. */
    public static void main(String[] args) throws Exception {
        try (EtcdStateReader reader = EtcdStateReader.of(Etcd.at(args[0]).namespace(args[1]));
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            reader.start();
            reader.view().awaitReady(LIMIT);
            System.out.println("ready");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.view().awaitCurrent(LIMIT);
                System.out.println(line + " " + usedHeap() + " "
                        + reader.view().snapshot().tasks().count() + " "
                        + reader.follower().loads());
            }
        }
    }

    private static long usedHeap() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
