package io.clusterstate.examples.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mirror in a JVM of its own, which can be killed, paused and started again. It ends with this process.
 *
 * <p>Thread: one thread at a time.
 */
final class ChildMirror implements AutoCloseable {

    private final List<String> arguments;
    private final Path log;
    private final Thread hook = new Thread(this::destroy);
    private volatile Process process;

    ChildMirror(List<String> arguments, Path log) throws IOException {
        this.arguments = arguments;
        this.log = log;
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // since it lives for a minute
                "-Xmx192m",
                "-Dvertx.disableFileCPResolving=true", // or a process that is killed leaves a folder
                "-Dcss.soak.log=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                MirrorProcess.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Starts it again, after {@link #kill}. */
    void start() throws IOException {
        if (!process.isAlive()) {
            process = launch();
        }
    }

    /** Ends it by SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops all its threads by SIGSTOP. */
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on after a pause. */
    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String which) throws IOException, InterruptedException {
        new ProcessBuilder("kill", which, Long.toString(process.pid())).start().waitFor();
    }

    private void destroy() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        destroy();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
