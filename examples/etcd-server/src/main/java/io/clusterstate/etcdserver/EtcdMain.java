package io.clusterstate.etcdserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs etcd, found or downloaded, with the given arguments, until it ends or this process is stopped. */
public final class EtcdMain {

    private static final int END_SECONDS = 10;

    private EtcdMain() {}

    /**
     * Runs etcd and exits the JVM with etcd's exit code.
     *
     * @param arguments the command line of etcd
     * @throws IOException if etcd cannot be started
     * @throws InterruptedException if the thread was interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // only etcd's own log is wanted
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
