package io.clusterstate.etcdserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands of this machine. */
final class Command {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Command() {}

    /**
     * The result of a command.
     *
     * @param exitCode the exit code; -1 if the command could not be run or did not end within three minutes
     * @param output the text that it printed
     */
    record Result(int exitCode, String output) {

        boolean isSuccess() {
            return exitCode == 0;
        }
    }

    /** Runs a command in a folder, without input, and waits for its end. */
    static Result run(Path folder, List<String> command) throws InterruptedException {
        try {
            Path output = Files.createTempFile("css-command", ".log");
            try {
                return run(folder, command, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            return new Result(-1, e.toString());
        }
    }

    private static Result run(Path folder, List<String> command, Path output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        boolean hasEnded = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (!hasEnded) {
            process.destroyForcibly();
        }
        return new Result(hasEnded ? process.exitValue() : -1, Files.readString(output, StandardCharsets.UTF_8));
    }
}
