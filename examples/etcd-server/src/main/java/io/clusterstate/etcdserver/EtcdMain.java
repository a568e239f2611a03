package io.clusterstate.etcdserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs etcd, found or provided, with its own arguments, until it ends or this process is told to end. */
public final class EtcdMain {

    private static final int END_SECONDS = 10;

    private EtcdMain() {}

    /**
     * Runs it, and ends with its exit code.
     *
     * @param arguments etcd's own
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread was interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // no log but etcd's
        List<String> command = new ArrayList<>();
        command.add(EtcdBinary.find().toString());
        command.addAll(List.of(arguments));
        Process etcd = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(etcd), "etcd-end"));
        System.exit(etcd.waitFor());
    }

    private static void end(Process etcd) {
        etcd.destroy();
        try {
            if (!etcd.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                etcd.destroyForcibly();
            }
        } catch (InterruptedException e) {
            etcd.destroyForcibly();
        }
    }
}
