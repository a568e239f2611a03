package io.clusterstate.benchmarks;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateReader;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A program that only starts a reader, and reports as soon as the reader is ready. */
final class ColdReader {

    private ColdReader() {}

    /** Takes the address of etcd. */
    public static void main(String[] args) throws InterruptedException, TimeoutException {
        EtcdStateReader reader = EtcdStateReader.of(Etcd.at(args[0]));
        reader.start();
        reader.view().awaitReady(Duration.ofMinutes(1));
        if (reader.view().snapshot().tasks().count() < ColdStart.TASKS) {
            throw new IllegalStateException("tasks: " + reader.view().snapshot() + " (expected: all of them)");
        }
        FreshJvm.report();
    }
}
