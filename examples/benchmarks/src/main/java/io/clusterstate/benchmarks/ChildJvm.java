package io.clusterstate.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link Drain} in a JVM of its own, which stays and warms up. */
final class ChildJvm {

    private static final int SECONDS_TO_END = 20;

    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * The cost of a message.
     *
     * @param wall the time divided by the number of messages, in nanoseconds
     * @param cpu the processor time of all threads, likewise
     */
    record Cost(long wall, long cpu) {}

    /** Starts a program and waits until it is ready. */
    static ChildJvm start(Class<? extends Drain> program, List<String> arguments) throws IOException {
        ChildJvm child = new ChildJvm(new ProcessBuilder(FreshJvm.command(program, arguments))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
        child.expect(Drain.READY);
        return child;
    }

    private void expect(String line) throws IOException {
        String read = output.readLine();
        if (!line.equals(read)) {
            throw new IllegalStateException("child: " + read + " (expected: " + line + ")");
        }
    }

    /** Lets the program take this many messages out of the queue. */
    Cost take(long messages) {
        String line = answerTo(Long.toString(messages));
        String[] costs = line.split(" ", -1);
        if (costs.length != 2) {
            throw new IllegalStateException("child: " + line + " (expected: two numbers)");
        }
        return new Cost(Long.parseLong(costs[0]), Long.parseLong(costs[1]));
    }

    private String answerTo(String line) {
        try {
            input.write(line);
            input.newLine();
            input.flush();
            return String.valueOf(output.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException("child: ended (expected: an answer)", e);
        }
    }

    /** Ends the program. */
    void end() throws IOException, InterruptedException {
        input.close();
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
