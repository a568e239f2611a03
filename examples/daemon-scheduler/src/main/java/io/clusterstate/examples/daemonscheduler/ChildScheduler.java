package io.clusterstate.examples.daemonscheduler;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.simulator.Simulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A scheduler in a JVM of its own, started as it would be for a real account. It ends with this process.
 *
 * <p>Thread: safe for any thread.
 */
final class ChildScheduler implements AutoCloseable {

    private final String name;
    private final Process process;
    private volatile boolean isLeading;

    private ChildScheduler(String name, Process process) {
        this.name = name;
        this.process = process;
        Thread reader = new Thread(this::read, name);
        reader.setDaemon(true);
        reader.start();
    }

    static ChildScheduler start(String name, Daemon daemon, Simulator simulator, EtcdServer etcd) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1", // since it lives for a minute
                        "-Dvertx.disableFileCPResolving=true", // or a process that is killed leaves a folder
                        "-cp",
                        System.getProperty("java.class.path"),
                        DaemonSchedulerMain.class.getName(),
                        "--aws",
                        "--in-simulation",
                        "--queue=" + simulator.queueName(),
                        "--etcd=" + etcd.endpoint(),
                        "--daemon=" + daemon.name(),
                        "--cluster=" + daemon.cluster(),
                        "--definition=" + daemon.taskDefinition(),
                        "--matching=" + daemon.matching()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "any",
                        "AWS_SECRET_ACCESS_KEY", "any",
                        "AWS_ENDPOINT_URL_ECS", simulator.ecsEndpoint().toString(),
                        "AWS_ENDPOINT_URL_SQS", simulator.sqsEndpoint().toString()));
        return new ChildScheduler(name, builder.start());
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> isLeading = !line.equals("term 0"));
        } catch (IOException e) {
            isLeading = false;
        }
        isLeading = false;
    }

    boolean leads() {
        return isLeading;
    }

    /** Ends it by SIGKILL, without any goodbye. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        isLeading = false;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return name;
    }
}
