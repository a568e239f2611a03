package io.clusterstate.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program in a JVM of its own, with this JVM's version and class path and without options. */
final class FreshJvm {

    private FreshJvm() {}

    /**
     * The cost of a program up to its report.
     *
     * @param wall the time since the start of its JVM, in nanoseconds
     * @param cpu the processor time of all its threads, in nanoseconds
     */
    record Cost(long wall, long cpu) {}

    /** Runs a program that {@linkplain #report() reports}, with one argument. */
    static Cost run(Class<?> program, String argument) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command(program, List.of(argument)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String report = output.readLine();
            long wall = System.nanoTime() - begun;
            if (report == null || process.waitFor() != 0) {
                throw new IllegalStateException(program + ": " + report + " (expected: a report, and exit code 0)");
            }
            return new Cost(wall, Long.parseLong(report));
        } finally {
            process.destroyForcibly();
        }
    }

    /** The command that runs a program with this JVM's class path. */
    static List<String> command(Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(arguments);
        return command;
    }

    /** The processor time of all threads of this JVM so far, in nanoseconds. */
    static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Reports to the JVM that runs this program, and ends this JVM at once. */
    static void report() {
        System.out.println(cpu());
        Runtime.getRuntime().halt(0);
    }
}
