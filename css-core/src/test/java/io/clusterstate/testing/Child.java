package io.clusterstate.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Another JVM, which runs a main class of the tests on the class path of this JVM. */
public final class Child implements AutoCloseable {

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Child(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a JVM.
     *
     * @param main the main class
     * @param arguments its arguments
     * @return the running process
     * @throws IOException if it cannot be started
     */
    public static Child start(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // since it lives for seconds
                "-Dvertx.disableFileCPResolving=true", // or a process that is killed leaves a folder
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new Child(process);
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException e) {
            lines.add(e.toString());
        }
    }

    /**
     * Writes a line to its standard input.
     *
     * @param line the line without its end
     * @throws IOException if it no longer reads
     */
    public void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /**
     * The lines that it has printed so far.
     *
     * @return the lines
     */
    public List<String> lines() {
        return lines;
    }

    /**
     * Whether it has printed a line with a beginning; fails if the process has ended.
     *
     * @param beginning the beginning of a line
     * @return whether there is such a line
     */
    public boolean hasPrinted(String beginning) {
        if (!process.isAlive()) {
            throw new AssertionError("child: has ended (expected: to print " + beginning + "): " + lines);
        }
        return lines.stream().anyMatch(line -> line.startsWith(beginning));
    }

    /**
     * Pauses it by SIGSTOP, with all its threads.
     *
     * @throws IOException if there is no {@code kill} command
     * @throws InterruptedException if the thread was interrupted
     */
    public void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /**
     * Resumes it after a pause.
     *
     * @throws IOException if there is no {@code kill} command
     * @throws InterruptedException if the thread was interrupted
     */
    public void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String which) throws IOException, InterruptedException {
        new ProcessBuilder("kill", which, Long.toString(process.pid())).start().waitFor();
    }

    /** Terminates it by SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /**
     * Whether it runs.
     *
     * @return false once it has ended
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Kills it by SIGKILL.
     *
     * @throws InterruptedException if the thread was interrupted while it waited for the end
     */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
