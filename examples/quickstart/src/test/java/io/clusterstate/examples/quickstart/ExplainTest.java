package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExplainTest {

    private static final String CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod";
    private static final String TASK = "arn:aws:ecs:eu-west-1:123456789012:task/prod/0123456789abcdef0123456789abcdef";
    private static final String SERVICE = "arn:aws:ecs:eu-west-1:123456789012:service/prod/web";

    @TempDir
    private Path folder;

    private final StringWriter errors = new StringWriter();
    private int exitCode;

    @Test
    void aStateChangeIsAChange() throws IOException {
        String line = explain(event("ECS Task State Change", "\"version\":3,"));

        assertEquals("change\ttask\t" + TASK + "\t" + CLUSTER + "\t3\t", line);
    }

    @Test
    void aStateChangeWithoutAVersionIsAHint() throws IOException {
        String line = explain(event("ECS Task State Change", ""));

        assertEquals("hint\ttask\t" + TASK + "\t" + CLUSTER + "\t\tno version", line);
    }

    @Test
    void aServiceActionIsANotice() throws IOException {
        String line = explain(
                """
                {"source":"aws.ecs","detail-type":"ECS Service Action","resources":["%s"],
                 "detail":{"eventName":"SERVICE_TASK_PLACEMENT_FAILURE","reason":"RESOURCE:CPU"}}
                """
                        .formatted(SERVICE));

        assertEquals(
                "notice\tservice\t" + SERVICE + "\t" + CLUSTER + "\t\tSERVICE_TASK_PLACEMENT_FAILURE: RESOURCE:CPU",
                line);
    }

    @Test
    void anotherSourceIsIrrelevant() throws IOException {
        assertEquals(
                "irrelevant\t\t\t\t\tsource my.app",
                explain("{\"source\":\"my.app\",\"detail-type\":\"ECS Task State Change\",\"detail\":{}}"));
    }

    @Test
    void halfAMessageIsUnreadable() throws IOException {
        String line = explain("{\"detail-type\":");

        assertEquals("unreadable\t\t\t\t\t", line.substring(0, "unreadable\t\t\t\t\t".length()));
        assertEquals(0, exitCode);
    }

    @Test
    void readsStandardInput() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] body = event("ECS Task State Change", "\"version\":1,").getBytes(StandardCharsets.UTF_8);

        command(new ByteArrayInputStream(body), out).execute("-");

        assertEquals("-\tchange\ttask\t" + TASK + "\t" + CLUSTER + "\t1\t", text(out));
    }

    @Test
    void aFileThatIsNotThereIsAnErrorThatNamesIt() {
        int code = command(InputStreams.NONE, new ByteArrayOutputStream()).execute("no-such-file");

        assertEquals(1, code);
        assertEquals(
                "explain: file: no-such-file (expected: a readable file)",
                errors.toString().strip());
    }

    private String explain(String body) throws IOException {
        Path file = Files.writeString(folder.resolve("body.json"), body);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        exitCode = command(InputStreams.NONE, out).execute(file.toString());
        return text(out).substring(file.toString().length() + 1);
    }

    private CommandLine command(java.io.InputStream in, ByteArrayOutputStream out) {
        return Explain.commandLine(in, new PrintStream(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(errors, true));
    }

    private static String text(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "");
    }

    private static String event(String type, String version) {
        return """
                {"source":"aws.ecs","detail-type":"%s","detail":{%s"clusterArn":"%s","taskArn":"%s"}}
                """
                .formatted(type, version, CLUSTER, TASK);
    }

    private static final class InputStreams {
        private static final java.io.InputStream NONE = java.io.InputStream.nullInputStream();
    }
}
