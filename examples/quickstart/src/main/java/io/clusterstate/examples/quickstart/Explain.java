package io.clusterstate.examples.quickstart;

import io.clusterstate.internal.event.EventReader;
import io.clusterstate.internal.event.ParsedBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints how the library reads message bodies: a line for each file, its fields separated by tabs. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Prints how the library reads message bodies, as a line for each file. Its fields, "
                + "separated by tabs: file, outcome (change, notice, hint, unconfirmed, irrelevant, "
                + "unreadable), kind, ARN, cluster ARN, version, reason.")
public final class Explain implements Callable<Integer> {

    private final InputStream in;
    private final PrintStream out;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "A file with a message body, or - for standard input. May be repeated.")
    private List<String> files = List.of();

    Explain(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Runs the command and exits the JVM with its exit code.
     *
     * @param arguments the command line; {@code --help} describes it
     */
    public static void main(String[] arguments) {
        System.exit(commandLine(System.in, System.out).execute(arguments));
    }

    static CommandLine commandLine(InputStream in, PrintStream out) {
        return Commands.lineOf(new Explain(in, out));
    }

    @Override
    public Integer call() {
        for (String file : files) {
            ParsedBody reading =
                    EventReader.read(read(file), InstantSource.system().instant());
            out.println(file + '\t' + words(reading));
        }
        return 0;
    }

    private String read(String file) {
        try {
            byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("file: " + file + " (expected: a readable file)", e);
        }
    }

    private static String words(ParsedBody reading) {
        if (reading instanceof ParsedBody.StateChange news) {
            var told = news.upsert().observed();
            return line("change", told.kind().toString(), told.arn(), told.clusterArn(), "" + told.version(), "");
        }
        if (reading instanceof ParsedBody.Notice notice) {
            String reason =
                    notice.eventName() + notice.reason().map(why -> ": " + why).orElse("");
            return line(
                    "notice",
                    "service",
                    notice.serviceArn(),
                    notice.clusterArn().orElse(""),
                    "",
                    reason);
        }
        if (reading instanceof ParsedBody.Hint hint) {
            return line(
                    "hint",
                    hint.kind().toString(),
                    hint.arn(),
                    hint.clusterArn().orElse(""),
                    "",
                    hint.reason());
        }
        if (reading instanceof ParsedBody.Unconfirmed unconfirmed) {
            return line("unconfirmed", "", "", "", "", unconfirmed.reason());
        }
        return reading instanceof ParsedBody.Irrelevant irrelevant
                ? line("irrelevant", "", "", "", "", irrelevant.reason())
                : line("unreadable", "", "", "", "", ((ParsedBody.Unreadable) reading).reason());
    }

    private static String line(String... fields) {
        return String.join(
                "\t",
                List.of(fields).stream()
                        .map(field -> field.replaceAll("[\t\r\n]+", " "))
                        .toList());
    }
}
