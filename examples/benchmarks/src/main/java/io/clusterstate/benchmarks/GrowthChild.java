package io.clusterstate.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program in a JVM of its own, which prints measurements.
 *
 * @param program the program
 * @param heap the heap, as in {@code -Xmx}
 * @param options further options of the JVM
 */
record GrowthChild(Class<?> program, String heap, List<String> options) {

    private static final int LINES_SHOWN = 8;

    /** A JVM whose pauses vary little, and whose heap holds no softly reachable objects after a collection. */
    static GrowthChild steady(Class<?> program, String heap) {
        return new GrowthChild(
                program,
                heap,
                List.of("-Xms" + heap, "-Xmn256m", "-XX:+UseSerialGC", "-Xbatch", "-XX:SoftRefLRUPolicyMSPerMB=0"));
    }

    /** A JVM as a server has it. */
    static GrowthChild usual(Class<?> program, String heap) {
        return new GrowthChild(program, heap, List.of("-XX:+UseG1GC"));
    }

    /** Runs the program to its end. After a failure, the exception has the last lines of its error output. */
    List<Measurement> run(List<String> arguments) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("css-growth", ".log");
        Process process = new ProcessBuilder(command(arguments))
                .redirectError(errors.toFile())
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            List<Measurement> measured =
                    output.lines().map(MeasurementJson::read).toList();
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException("exit code " + code + " (expected: 0): " + lastOf(errors));
            }
            return measured;
        } finally {
            process.destroyForcibly();
            Files.delete(errors);
        }
    }

    private static String lastOf(Path errors) throws IOException {
        List<String> lines = Files.readAllLines(errors);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }

    List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(FreshJvm.command(program, arguments));
        command.addAll(
                1, Stream.concat(Stream.of("-Xmx" + heap), options.stream()).toList());
        return command;
    }
}
