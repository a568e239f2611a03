package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.Observed;
import io.clusterstate.testing.Seeds;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.Task;

/** Bodies unlike any payload of ECS, which a queue may bring nevertheless. */
class StrangeBodiesTest {

    private static final String TASK = "arn:aws:ecs:eu-west-1:123456789012:task/prod/1";
    private static final String CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod";
    private static final String WHOLE = Payloads.body("task/awsdoc-2020-fargate-running.json");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "null",
                "7",
                "1e400",
                "true",
                "\"text\"",
                "[]",
                "[{}]",
                "{",
                "}",
                "{}",
                "{]",
                "nonsense",
                "{\"detail-type\":}",
                "{\"detail-type\":\"ECS Task State Change\"}",
                "{'detail-type':'x'}",
                "<xml/>",
                "\u0000",
                "\u0000{\u0000}",
                "{\u0000}\u0000",
                "\ufeff",
                "\ufffe",
                "\ud800",
                "{\"\ud800\":1}"
            })
    void whatIsNoEventIsUnreadable(String body) {
        assertInstanceOf(ParsedBody.Unreadable.class, ParsedBodies.read(body));
    }

    @Test
    void whatFollowsTheEventMakesItUnreadable() {
        assertTrue(ParsedBodies.whyUnreadable(WHOLE + "{}").contains("text after the JSON object"));
        assertNotNull(ParsedBodies.whyUnreadable(WHOLE.strip() + ","));
        ParsedBodies.assertSays(ParsedBodies.changeIn(WHOLE), WHOLE + " \r\n\t");
    }

    @Test
    void aByteOrderMarkIsPassedOver() {
        Observed<?> told = ParsedBodies.changeIn(WHOLE);

        ParsedBodies.assertSays(told, "\ufeff" + WHOLE);
        ParsedBodies.assertSays(told, "\ufeff" + detailFirst(WHOLE));
    }

    @Test
    void aTypeThatComesAfterTheDetailIsHeeded() {
        ParsedBodies.assertSays(ParsedBodies.changeIn(WHOLE), detailFirst(WHOLE));
        ParsedBodies.assertSays(ParsedBodies.changeIn(WHOLE), wideBeforeDetail());
    }

    /** Jackson reads a long text in pieces. */
    @Test
    void aLongBodyIsReadLikeAShortOne() {
        Observed<?> told = ParsedBodies.changeIn(WHOLE);

        for (int length : new int[] {3_900, 32_000, 33_000, 100_000}) {
            String note = "{\"note\":\"" + "x".repeat(length) + "\",";

            ParsedBodies.assertSays(told, note + WHOLE.substring(1 + WHOLE.indexOf('{')));
            ParsedBodies.assertSays(told, note + detailFirst(WHOLE).substring(1));
        }
    }

    @Test
    void aSourceThatIsNotEcsIsIrrelevantWhereverItStands() {
        String other = "\"source\":\"my.app\"";
        String type = "\"detail-type\":\"ECS Task State Change\"";
        String detail = "\"detail\":\"not an object\"";

        assertEquals("source my.app", ParsedBodies.whyIrrelevant("{" + other + "," + type + "," + detail + "}"));
        assertEquals("source my.app", ParsedBodies.whyIrrelevant("{" + type + "," + detail + "," + other + "}"));
        assertEquals("source my.app", ParsedBodies.whyIrrelevant("{" + detail + "," + type + "," + other + "}"));
    }

    @Test
    void anEventWithoutASourceIsTakenForOneOfEcs() {
        String body = WHOLE.replace("\"source\": \"aws.ecs\",", "");

        assertNotEquals(WHOLE, body);
        ParsedBodies.assertSays(ParsedBodies.changeIn(WHOLE), body);
    }

    @Test
    void theLastOfDoubledFieldsCounts() {
        String doubled = "\"taskArn\":\"arn:aws:ecs:eu-west-1:123456789012:task/prod/0\",\"version\":1,\"cpu\":\"1\",";

        Task task = ParsedBodies.taskIn(ParsedBodies.taskEvent(doubled + essentials(2) + ",\"cpu\":\"2\""));

        assertEquals(TASK, task.taskArn());
        assertEquals(2, task.version());
        assertEquals("2", task.cpu());
    }

    @Test
    void aDoubledDetailOrTypeStillGivesAReading() {
        String one = ParsedBodies.taskEvent(essentials(1));
        String fields = one.substring(1, one.length() - 1);

        assertNotNull(ParsedBodies.read("{" + fields + "," + fields + "}"));
        assertNotNull(ParsedBodies.read("{\"detail\":{}," + fields + ",\"detail\":[]}"));
        assertNotNull(ParsedBodies.read("{" + fields + ",\"detail-type\":\"ECS Service Action\"}"));
        assertNotNull(ParsedBodies.read("{" + fields + ",\"detail-type\":null}"));
    }

    @Test
    void whatIsNestedWithoutEndIsUnreadable() {
        for (String open : new String[] {"[", "{\"a\":"}) {
            String deep = open.repeat(100_000);

            assertInstanceOf(ParsedBody.Unreadable.class, ParsedBodies.read(deep));
            assertInstanceOf(ParsedBody.Unreadable.class, ParsedBodies.read("{\"detail\":" + deep));
            assertInstanceOf(
                    ParsedBody.Unreadable.class,
                    ParsedBodies.read(ParsedBodies.taskEvent(essentials(1) + ",\"later\":" + deep)));
        }
    }

    /** A reason is logged, and SQS carries bodies of up to 1 MiB. */
    @Test
    void aReasonQuotesOnlyTheBeginningOfALongValue() {
        String xs = "x".repeat(100_000);

        String source = ParsedBodies.whyIrrelevant("{\"source\":\"" + xs + "\",\"detail-type\":\"any\"}");
        String type = ParsedBodies.whyIrrelevant("{\"detail-type\":\"" + xs + "\"}");
        String service = ParsedBodies.whyUnreadable(
                "{\"detail-type\":\"ECS Service Action\",\"resources\":[\"" + xs + "\"],\"detail\":{}}");

        assertEquals("source " + xs.substring(0, ParsedBody.LONGEST_REASON - 8) + "…", source);
        assertEquals(ParsedBody.LONGEST_REASON, type.length());
        assertEquals(ParsedBody.LONGEST_REASON, service.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e400", "-1e400", "1e2147483647", "1e-2147483647", "9223372036854775808", "-9223372036854775809",
                        "1e19",
                "99999999999999999999999999", "0.5", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"1e400\"", "\"x\"",
                "\"\"", "true", "{}", "[1]"
            })
    void aVersionThatIsNoVersionMakesAHint(String version) {
        ParsedBody.Hint hint = ParsedBodies.hintIn(ParsedBodies.taskEvent(arns() + ",\"version\":" + version));

        assertEquals(TASK, hint.arn());
        assertEquals(Optional.of(CLUSTER), hint.clusterArn());
        assertEquals("no version", hint.reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e400",
                "1e999999999",
                "1e2147483647",
                "99999999999999999999999999",
                "\"x\"",
                "\"\"",
                "[]",
                "true"
            })
    void aTimestampThatIsNoneMakesAHint(String timestamp) {
        ParsedBody.Hint hint =
                ParsedBodies.hintIn(ParsedBodies.taskEvent(essentials(1) + ",\"createdAt\":" + timestamp));

        assertEquals(TASK, hint.arn());
        assertTrue(hint.reason().startsWith("createdAt: "), hint.reason());
    }

    @Test
    void aNumberLongerThanAnyIsUnreadableOrAHint() {
        String nines = "9".repeat(100_000);

        assertInstanceOf(
                ParsedBody.Unreadable.class,
                ParsedBodies.read(ParsedBodies.taskEvent(arns() + ",\"version\":" + nines)));
        ParsedBodies.hintIn(ParsedBodies.taskEvent(arns() + ",\"version\":\"" + nines + "\""));
    }

    @Test
    void theGreatestVersionIsOne() {
        assertEquals(
                Long.MAX_VALUE,
                ParsedBodies.changeIn(ParsedBodies.taskEvent(essentials(Long.MAX_VALUE)))
                        .version());
    }

    @Test
    void numbersAreReadFromStringsAndStringsFromNumbers() {
        Task task = ParsedBodies.taskIn(ParsedBodies.taskEvent(arns()
                + ",\"version\":\"4\",\"cpu\":256,\"enableExecuteCommand\":\"true\",\"createdAt\":1481042466.8"));

        assertEquals(4, task.version());
        assertEquals("256", task.cpu());
        assertEquals(true, task.enableExecuteCommand());
        assertEquals(Instant.ofEpochSecond(1_481_042_466, 800_000_000), task.createdAt());
    }

    @Test
    void aNumberOf64BitsWhere32AreExpectedMakesAHint() {
        String containers = ",\"containers\":[{\"name\":\"web\",\"exitCode\":4294967296}]";

        assertEquals(
                "exitCode: VALUE_NUMBER_INT (expected: a 32-bit number)",
                ParsedBodies.hintIn(ParsedBodies.taskEvent(essentials(1) + containers))
                        .reason());
    }

    @Test
    void loneSurrogatesAreJustCharacters() {
        Task escaped = ParsedBodies.taskIn(ParsedBodies.taskEvent(essentials(1) + ",\"group\":\"\\ud800\""));
        Task raw = ParsedBodies.taskIn(ParsedBodies.taskEvent(essentials(1) + ",\"group\":\"\ud800\""));

        assertEquals("\ud800", escaped.group());
        assertEquals("\ud800", raw.group());
    }

    @Test
    void charactersBeyondAsciiAreKept() {
        String text = "h\u00e9llo \u4e16\u754c \ud83d\ude80";

        assertEquals(
                text,
                ParsedBodies.taskIn(ParsedBodies.taskEvent(essentials(1) + ",\"group\":\"" + text + "\""))
                        .group());
    }

    @Test
    void randomBytesGiveAReading() {
        Seeds.forEach(5_000, random -> {
            StringBuilder body = new StringBuilder(WHOLE);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                body.setCharAt(random.nextInt(body.length()), (char) random.nextInt(0x10000));
            }

            assertNotNull(ParsedBodies.read(body.toString()));
        });
    }

    private static String essentials(long version) {
        return arns() + ",\"version\":" + version;
    }

    private static String arns() {
        return "\"taskArn\":\"" + TASK + "\",\"clusterArn\":\"" + CLUSTER + "\"";
    }

    private static String detailFirst(String body) {
        return "{\"detail\":" + Json.write(((Map<?, ?>) Json.parse(body)).get("detail")) + ","
                + body.strip().substring(1);
    }

    private static String wideBeforeDetail() {
        return "{\"note\":\"h\u00e9llo \u4e16\u754c \ud83d\ude80\","
                + detailFirst(WHOLE).substring(1);
    }
}
