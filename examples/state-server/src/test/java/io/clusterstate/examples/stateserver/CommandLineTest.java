package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The command line and the environment. */
class CommandLineTest {

    @Test
    void takesTheFlagsOfTheOriginal() {
        Options options = parse(
                Map.of(),
                "--bind",
                "0.0.0.0:3000",
                "--etcd-endpoint",
                "a:2379",
                "--etcd-endpoint",
                "b:2379",
                "--queue",
                "sqs://css_queue");

        assertEquals(3000, options.address().getPort());
        assertEquals(List.of("a:2379", "b:2379"), options.etcdEndpoints);
        assertEquals(Optional.of("css_queue"), options.where.places().get(0).queue());
        assertEquals(Options.StoreKind.ETCD, options.storeKind());
        options.validate();
    }

    @Test
    void takesEachFlagFromTheEnvironmentToo() {
        Options options = parse(
                Map.of(
                        "CSS_BIND", "0.0.0.0:80",
                        "CSS_ETCD_ENDPOINT", "a:2379,b:2379",
                        "CSS_QUEUE", "css_queue",
                        "CSS_MAX_STALE", "1h30m",
                        "CSS_SHOW_ENVIRONMENT", "true",
                        "CSS_STORE", "etcd",
                        "CSS_MAX_RATE", ""),
                "--bind",
                "127.0.0.1:81");

        assertEquals(81, options.address().getPort()); // the command line wins
        assertEquals(List.of("a:2379", "b:2379"), options.etcdEndpoints);
        assertEquals(List.of("css_queue"), options.where.queues);
        assertEquals(Duration.ofMinutes(90), options.maxStale);
        assertTrue(options.showEnvironment);
        assertEquals(2_000, options.maxRate); // empty is not set
    }

    @Test
    void bindsToLoopbackUnlessToldOtherwise() {
        assertTrue(parse(Map.of()).address().getAddress().isLoopbackAddress());
    }

    @Test
    void explainsEveryFlag() {
        StringWriter out = new StringWriter();
        CommandLine line = StateServer.commandLine(Map.of()).setOut(new PrintWriter(out));

        assertEquals(0, line.execute("--help"));

        for (OptionSpec option : line.getCommandSpec().options()) {
            assertTrue(out.toString().contains(option.longestName()), option.longestName());
            assertTrue(option.description().length > 0, option.longestName());
        }
    }

    @Test
    void saysItsVersion() {
        StringWriter out = new StringWriter();

        assertEquals(
                0,
                StateServer.commandLine(Map.of()).setOut(new PrintWriter(out)).execute("--version"));

        assertTrue(out.toString().matches("state-server [0-9]+\\.[0-9]+\\.[0-9]+\\S*\\s+"), out.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--bind 3000 --simulate           | --bind: 3000 (expected: HOST:PORT, such as 0.0.0.0:3000)",
                "--bind localhost:http --simulate | --bind: localhost:http (expected: HOST:PORT, such as 0.0.0.0:3000)",
                "--queue kinesis://css            | --queue: kinesis://css (expected: an SQS queue; Kinesis is not supported)",
                "--store etcd --queue q           | --etcd-endpoint: none (expected: at least one, with --store etcd)",
                "--store memory --etcd-endpoint a:1 --queue q | --etcd-endpoint: [a:1] (expected: none, with --store memory)",
                "--simulate --queue q             | --queue: q (expected: none, with --simulate)",
                "--queue q --etcd-endpoint a:1 --etcd-cert c | --etcd-cert, --etcd-key: only one is set (expected: both or none)",
                "--queue q --etcd-endpoint https://a:1 | --etcd-endpoint: https://a:1 (expected: --etcd-ca, with https)",
                "--queue q --etcd-endpoint a:1 --etcd-cert c --etcd-key k | --etcd-ca: none (expected: etcd's certificate authority, with",
                "--simulate --simulate-tasks -1   | --simulate-tasks: -1 (expected: 1 or more)",
                "--simulate --simulate-rate -1    | --simulate-rate: -1.0 (expected: 0 or more)",
                "--simulate --allowed-host a:3000 | --allowed-host: a:3000 (expected: a name without port, such as css.example.com)",
                "--simulate --max-stale=-5s       | Invalid value for option '--max-stale': '-5s' (expected: a duration such as 90s,",
                "--simulate --max-stale -5s       | Invalid value for option '--max-stale': '-5s' (expected: a duration such as 90s,",
                "--simulate --max-rate x          | Invalid value for option '--max-rate': 'x' is not an int (see --help)",
                "--simulated                      | Unknown option: '--simulated'",
                "--simulate --max-rate 0          | --max-rate: 0 (expected: 1 or more)",
                "''                               | --queue: none (expected: the queue of the ECS events, or --simulate,"
            })
    void refusesWhatMakesNoSenseWithWords(String arguments, String expected) {
        StringWriter err = new StringWriter();
        String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");

        int exit =
                StateServer.commandLine(Map.of()).setErr(new PrintWriter(err)).execute(words);

        assertEquals(2, exit);
        assertTrue(err.toString().startsWith("state-server: " + expected), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:3000, http://localhost:3001",
        "0.0.0.0:3000,   http://localhost:3001",
        "192.0.2.7:3000, http://192.0.2.7:3001"
    })
    void saysWhereThePageIs(String bind, String expected) {
        Options options = parse(Map.of(), "--bind", bind);

        assertEquals(expected, StateServer.url(options.address(), 3001));
    }

    @Test
    void takesTheVersionOfAnImageForNoFlag() {
        assertTrue(parse(Map.of("CSS_VERSION", "0.1.0", "CSS_SIMULATE", "true")).simulate);
    }

    @Test
    void refusesALogLevelThatIsNone() {
        assertThrows(CommandLine.ParameterException.class, () -> parse(Map.of(), "--log-level", "warning"));
        assertEquals(org.slf4j.event.Level.WARN, parse(Map.of(), "--log-level", "warn").logLevel);
    }

    @Test
    void refusesADurationThatIsNone() {
        var failure = assertThrows(CommandLine.ParameterException.class, () -> parse(Map.of(), "--max-stale", "soon"));

        assertTrue(
                failure.getMessage().contains("'soon' (expected: a duration such as 90s, 20m or 1h)"),
                failure.getMessage());
    }

    private static Options parse(Map<String, String> environment, String... arguments) {
        StateServer command = new StateServer(environment);
        StateServer.commandLine(command).parseArgs(arguments);
        return command.options();
    }
}
