package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DoctorTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter errors = new StringWriter();

    @Test
    void theSimulatedAccountIsWell() {
        assertEquals(0, run("--simulate", "--poll-wait", "1", "--task-definitions"));

        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("ok       queue                        arn:aws:sqs:us-east-1:"), text);
        assertTrue(text.endsWith("26 checks: 26 ok, 0 missing, 0 unknown\n"), text);
        assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
    }

    @Test
    void aFaultHasItsRemedyBelow() {
        assertEquals(1, run("--simulate", "--poll-wait", "1", "--cluster", "absent"));

        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(
                text.contains("missing  list-clusters                3 clusters, none selected"
                        + " (expected: a selected cluster)\n         aws ecs list-clusters\n"),
                text);
    }

    @Test
    void jsonHasTheRightsToo() {
        assertEquals(0, run("--simulate", "--poll-wait", "1", "--json"));

        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("{\n  \"ready\" : true,\n  \"checks\" : [ {\n    \"check\" : \"queue\""), text);
        assertTrue(text.contains("\"rights\" : [ \"sqs:GetQueueUrl\", \"sqs:GetQueueAttributes\" ]"), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--json | --queue: none (expected: the queue's name, URL or ARN)",
                "--queue= | --queue: none (expected: the queue's name, URL or ARN)",
                "--simulate --queue=q | --simulate: with --queue or --region (expected: alone, since the account is simulated)",
                "--simulate --poll-wait=21 | --poll-wait: 21 (expected: 1 to 20)",
                "--queues=q | Unknown option: '--queues=q'",
            })
    void wrongOptionsAreRefusedInALine(String options, String message) {
        assertEquals(2, run(options.split(" ")));

        assertEquals("doctor: " + message + "\n", errors.toString().replace("\r", ""));
    }

    @Test
    void anAddressOfNoQueueIsAWrongOption() {
        assertEquals(2, run("--queue", "arn:aws:sns:us-east-1:123456789012:t", "--region", "us-east-1"));

        assertTrue(errors.toString().startsWith("doctor: queue: arn:aws:sns:us-east-1:123456789012:t (expected: "));
    }

    private int run(String... options) {
        CommandLine line = Doctor.commandLine(new PrintStream(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(errors, true));
        return line.execute(options);
    }
}
