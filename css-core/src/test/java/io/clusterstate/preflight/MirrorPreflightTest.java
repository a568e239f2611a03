package io.clusterstate.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.mirror.Clusters;
import io.clusterstate.preflight.PreflightFinding.Outcome;
import io.clusterstate.simulator.EventRoute;
import io.clusterstate.testing.ClassPathWithout;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A simulated account in which all is right, and one fault at a time. */
class MirrorPreflightTest {

    private static final String MISSING_TYPE =
            "{\"source\":[\"aws.ecs\"],\"detail-type\":[\"ECS Task State Change\",\"ECS Service Action\","
                    + "\"ECS Deployment State Change\"]}";
    private static final String STOPPED_ONLY = "{\"source\":[\"aws.ecs\"],\"detail\":{\"lastStatus\":[\"STOPPED\"]}}";
    private static final String NUMERIC =
            "{\"source\":[\"aws.ecs\"],\"detail\":{\"version\":[{\"numeric\":[\">\",0]}]}}";
    private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:ecs";
    private static final String KEY = "arn:aws:kms:us-east-1:123456789012:key/1234";

    private static PreflightFixture aws;

    /** A fault, and what a report says about it: the other checks are ok. */
    record Fault(
            String name, PreflightCheck check, Outcome outcome, String found, String mend, Consumer<EventRoute> cause) {

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() {
        aws = new PreflightFixture();
    }

    @AfterAll
    static void end() {
        aws.close();
    }

    @BeforeEach
    void mend() {
        aws.mend();
    }

    @Test
    void aRightSetUpIsReady() throws InterruptedException {
        PreflightReport report = aws.report();

        assertTrue(report.isReady(), report::toString);
        assertEquals(
                List.of(PreflightCheck.values()),
                report.findings().stream().map(PreflightFinding::check).toList());
    }

    static Stream<Fault> faults() {
        return Stream.of(
                missing(
                        PreflightCheck.DEAD_LETTERS,
                        "no redrive policy",
                        "\\\"maxReceiveCount\\\":\\\"10\\\"",
                        it -> it.attribute("RedrivePolicy", "")),
                missing(
                        PreflightCheck.DEAD_LETTERS,
                        "the dead-letter queue gone does not exist",
                        "aws sqs create-queue",
                        it -> it.attribute("RedrivePolicy", redrive("gone", 10))),
                missing(
                        PreflightCheck.RETENTION,
                        "60 s",
                        "--attributes '{\"MessageRetentionPeriod\":\"86400\"}'",
                        it -> it.attribute("MessageRetentionPeriod", "60")),
                missing(
                        PreflightCheck.VISIBILITY,
                        "10 s",
                        "--attributes '{\"VisibilityTimeout\":\"60\"}'",
                        it -> it.attribute("VisibilityTimeout", "10")),
                missing(
                        PreflightCheck.ENCRYPTION,
                        "the key alias/aws/sqs, whose policy never lets EventBridge in",
                        "\"SqsManagedSseEnabled\":\"true\"",
                        it -> it.attribute("KmsMasterKeyId", "alias/aws/sqs")),
                unknown(
                        PreflightCheck.ENCRYPTION,
                        "the key " + KEY + ", whose policy was not read",
                        "\"kms:GenerateDataKey\"",
                        it -> it.attribute("KmsMasterKeyId", KEY)),
                missing(
                        PreflightCheck.QUEUE_POLICY,
                        "rule/css-events: not let in",
                        "\"aws:SourceArn\": \"arn:aws:events:us-east-1:123456789012:rule/css-events\"",
                        it -> it.attribute("Policy", "")),
                missing(
                        PreflightCheck.OTHER_SENDERS,
                        "Everybody: lets in senders of every account",
                        "\"Service\": \"events.amazonaws.com\"",
                        it -> it.attribute("Policy", policy("Everybody", "\"*\"", "{}"))),
                missing(
                        PreflightCheck.OTHER_SENDERS,
                        "AnyRule: lets in senders of every account",
                        "\"aws:SourceArn\"",
                        it -> it.attribute(
                                "Policy", policy("AnyRule", "{\"Service\":\"events.amazonaws.com\"}", "{}"))),
                missing(PreflightCheck.CLAIM, "sqs:TagQueue denied", "\"sqs:TagQueue\"", it -> it.deny("TagQueue")),
                missing(
                        PreflightCheck.CLAIM,
                        "sqs:ListQueueTags denied",
                        "\"sqs:ListQueueTags\"",
                        it -> it.deny("ListQueueTags")),
                missing(PreflightCheck.DELETE, "denied", "\"sqs:DeleteMessage\"", it -> it.deny("DeleteMessage")),
                missing(
                        PreflightCheck.CHANGE_VISIBILITY,
                        "denied",
                        "\"sqs:ChangeMessageVisibility\"",
                        it -> it.deny("ChangeMessageVisibility")),
                missing(
                        PreflightCheck.TARGET,
                        "css-events: its target receives",
                        "aws events put-targets",
                        it -> it.inputPath("css-events", "$.detail")),
                missing(
                        PreflightCheck.EVENT_TYPES,
                        "css-events: passes not all of ECS Container Instance State Change",
                        "aws events put-rule",
                        it -> it.rule("css-events", MISSING_TYPE, true)),
                missing(
                        PreflightCheck.EVENT_TYPES,
                        "(filters: detail.lastStatus)",
                        "aws events put-rule",
                        it -> it.rule("css-events", STOPPED_ONLY, true)),
                unknown(
                        PreflightCheck.EVENT_TYPES,
                        "not understood (filters: detail.version)",
                        "aws events put-rule",
                        it -> it.rule("css-events", NUMERIC, true)),
                unknown(
                        PreflightCheck.TARGET,
                        "events:ListTargetsByRule denied",
                        "\"events:ListTargetsByRule\"",
                        it -> it.deny("ListTargetsByRule")));
    }

    private static Fault missing(PreflightCheck check, String found, String mend, Consumer<EventRoute> cause) {
        return new Fault(check + ": " + found, check, Outcome.MISSING, found, mend, cause);
    }

    private static Fault unknown(PreflightCheck check, String found, String mend, Consumer<EventRoute> cause) {
        return new Fault(check + ": " + found, check, Outcome.UNKNOWN, found, mend, cause);
    }

    private static String redrive(String queue, int receipts) {
        return "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:123456789012:" + queue + "\",\"maxReceiveCount\":"
                + receipts + "}";
    }

    private static String policy(String sid, String principal, String condition) {
        return "{\"Statement\":{\"Sid\":\"" + sid + "\",\"Effect\":\"Allow\",\"Principal\":" + principal
                + ",\"Action\":\"SQS:*\",\"Resource\":\"arn:aws:sqs:*:*:css_queue\",\"Condition\":" + condition + "}}";
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsFoundWithItsRemedy(Fault fault) throws InterruptedException {
        fault.cause().accept(aws.route());

        assertOnly(fault.check(), fault.outcome(), fault.found(), fault.mend(), aws.report());
    }

    @Test
    void eachDeniedReadOfEcsIsFound() throws InterruptedException {
        Set<PreflightCheck> reads = EnumSet.range(PreflightCheck.LIST_TASKS, PreflightCheck.DESCRIBE_TASK_DEFINITION);
        reads.forEach(check -> aws.simulator().faults().failNext(operation(check), 1, "AccessDeniedException"));

        PreflightReport report = aws.report();

        assertEquals(reads, checks(report.with(Outcome.MISSING)));
        for (PreflightFinding finding : report.with(Outcome.MISSING)) {
            String right = finding.check().rights().get(0);
            assertTrue(finding.found().startsWith(right + " denied: AccessDeniedException"), finding::toString);
            assertTrue(finding.mend().orElseThrow().contains("\"Action\": [\"" + right + "\"]"));
        }
    }

    private static String operation(PreflightCheck check) {
        return check.rights().get(0).substring("ecs:".length());
    }

    @Test
    void clustersThatMayNotBeListedAreFound() throws InterruptedException {
        aws.simulator().faults().failNext("ListClusters", 1, "AccessDeniedException");

        PreflightFinding finding = finding(PreflightCheck.LIST_CLUSTERS, aws.report());

        assertEquals(Outcome.MISSING, finding.outcome());
    }

    @Test
    void aDenialInOneClusterIsFound() throws InterruptedException {
        String second = aws.simulator().ecsClient().listClusters().clusterArns().get(1);
        aws.simulator().faults().failIn(second, "ListServices", "AccessDeniedException");
        try {
            assertOnly(PreflightCheck.LIST_SERVICES, Outcome.MISSING, "denied", "\"ecs:ListServices\"", aws.report());
        } finally {
            aws.simulator().faults().forgive(second);
        }
    }

    @Test
    void aSelectionThatFindsNothingIsFound() throws InterruptedException {
        PreflightReport report = report(it -> it.clusters(Clusters.named("absent")));

        assertEquals(
                "2 clusters, none selected",
                finding(PreflightCheck.LIST_CLUSTERS, report).found());
    }

    @Test
    void noRuleIsFound() throws InterruptedException {
        aws.route().removeRules();

        PreflightReport report = aws.report();

        PreflightFinding finding = finding(PreflightCheck.RULE, report);
        assertEquals(Outcome.MISSING, finding.outcome());
        String mend = finding.mend().orElseThrow();
        assertTrue(mend.contains("aws events put-rule") && mend.contains("aws events put-targets"), mend);
        assertEquals(Set.of(PreflightCheck.TARGET, PreflightCheck.EVENT_TYPES), checks(report.with(Outcome.UNKNOWN)));
    }

    @Test
    void aDisabledRuleIsFound() throws InterruptedException {
        aws.route().rule("css-events", "{\"source\":[\"aws.ecs\"]}", false);

        PreflightFinding finding = finding(PreflightCheck.RULE, aws.report());

        assertEquals("css-events: disabled", finding.found());
        assertEquals(
                "aws events enable-rule \\\n  --region us-east-1 \\\n  --name css-events",
                finding.mend().orElseThrow());
    }

    @Test
    void rulesThatMayNotBeListedHideTheRestOfTheRoute() throws InterruptedException {
        aws.route().deny("ListRuleNamesByTarget");

        PreflightReport report = aws.report();

        assertEquals(List.of(), report.with(Outcome.MISSING));
        assertEquals(
                Set.of(PreflightCheck.RULE, PreflightCheck.TARGET, PreflightCheck.EVENT_TYPES),
                checks(report.with(Outcome.UNKNOWN)));
        String mend = finding(PreflightCheck.RULE, report).mend().orElseThrow();
        assertTrue(mend.contains("[\"events:ListRuleNamesByTarget\", \"events:DescribeRule\"]"), mend);
    }

    @Test
    void severalRulesMayPassTheEventsTogether() throws InterruptedException {
        aws.route().rule("css-events", MISSING_TYPE, true);
        aws.route()
                .rule(
                        "instances",
                        "{\"source\":[{\"prefix\":\"aws.\"}],\"detail-type\":[{\"wildcard\":\"ECS Con*\"}]}",
                        true);
        aws.route()
                .attribute(
                        "Policy",
                        policy(
                                "Rules",
                                "{\"Service\":\"events.amazonaws.com\"}",
                                "{\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:events:us-east-1:123456789012:rule/*\"}}"));

        PreflightReport report = aws.report();

        assertTrue(report.isReady(), report::toString);
    }

    @Test
    void aRuleMaySendByATopic() throws InterruptedException {
        aws.route().topic("css-events", TOPIC);
        aws.route()
                .attribute(
                        "Policy",
                        policy(
                                "Topic",
                                "{\"Service\":\"sns.amazonaws.com\"}",
                                "{\"ArnEquals\":{\"aws:SourceArn\":\"" + TOPIC + "\"}}"));

        PreflightReport report = aws.report();

        assertTrue(report.isReady(), report::toString);
        assertEquals(
                "lets in " + TOPIC, finding(PreflightCheck.QUEUE_POLICY, report).found());
    }

    @Test
    void aQueueThatDoesNotExistHidesAllAboutIt() throws InterruptedException {
        PreflightReport report = aws.report(PreflightFixture.REGION, "absent", Duration.ofSeconds(30), it -> it);

        PreflightFinding finding = finding(PreflightCheck.QUEUE, report);
        assertEquals(Outcome.MISSING, finding.outcome());
        assertTrue(finding.mend().orElseThrow().contains("--queue-name absent"));
        assertEquals(
                EnumSet.range(PreflightCheck.PLACE, PreflightCheck.EVENT_TYPES), checks(report.with(Outcome.UNKNOWN)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:sqs:eu-west-1:123456789012:css_queue",
                "https://sqs.eu-west-1.amazonaws.com/123456789012/css_queue"
            })
    void aQueueOfAnotherRegionThanItsClientIsFound(String queue) throws InterruptedException {
        PreflightFinding finding = finding(
                PreflightCheck.QUEUE, aws.report(PreflightFixture.REGION, queue, Duration.ofSeconds(30), it -> it));

        assertEquals("the queue is in eu-west-1, the SQS client in us-east-1", finding.found());
        assertTrue(finding.mend().orElseThrow().startsWith("export AWS_REGION=eu-west-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"arn:aws:sqs:eu-west-1:123456789012:css_queue", "arn:aws:sqs:us-east-1:999999999999:css_queue"})
    void aQueueOfAnotherPlaceThanEcsIsFound(String arn) throws InterruptedException {
        aws.route().attribute("QueueArn", arn);

        PreflightFinding finding = finding(PreflightCheck.PLACE, aws.report());

        assertEquals(Outcome.MISSING, finding.outcome());
        assertTrue(
                finding.found().endsWith(arn.contains("999") ? "ECS of 123456789012" : "ECS in us-east-1"),
                finding::toString);
    }

    @Test
    void aSocketTimeoutBelowTheWaitIsFound() throws InterruptedException {
        PreflightReport report = aws.report(
                PreflightFixture.REGION,
                aws.simulator().queueName(),
                Duration.ofSeconds(3),
                it -> it.pollWait(Duration.ofSeconds(6)));

        assertOnly(
                PreflightCheck.POLL_WAIT,
                Outcome.MISSING,
                "the SQS client gave up after ",
                ".socketTimeout(Duration.ofSeconds(30))",
                report);
    }

    @Test
    void aQueueWithMessagesIsReadyAndSpendsOneReceipt() throws InterruptedException {
        aws.send(3);

        PreflightReport report = aws.report();

        assertTrue(report.isReady(), report::toString);
        assertEquals(
                "the SQS client waits 1 s for a server on this host",
                finding(PreflightCheck.POLL_WAIT, report).found());
        assertEquals(3 + 1, aws.receiptsOf(3));
    }

    @Test
    void aSocketTimeoutBelowTheWaitIsFoundWhileThereAreMessages() throws InterruptedException {
        aws.send(3);

        PreflightReport report = aws.report(
                PreflightFixture.REGION,
                aws.simulator().queueName(),
                Duration.ofSeconds(3),
                it -> it.pollWait(Duration.ofSeconds(6)));

        assertOnly(PreflightCheck.POLL_WAIT, Outcome.MISSING, "the SQS client gave up after ", "30", report);
    }

    @Test
    void noReceiptIsSpentWhereFewAreLeft() throws InterruptedException {
        aws.send(3);
        aws.route().attribute("RedrivePolicy", redrive("css_queue_dead", 4));

        PreflightReport report = aws.report();

        PreflightFinding few = finding(PreflightCheck.DEAD_LETTERS, report);
        assertEquals("a move to css_queue_dead after 4 receipts", few.found());
        assertTrue(few.mend().orElseThrow().startsWith("aws sqs set-queue-attributes"), few::toString);
        assertEquals(List.of(few), report.with(Outcome.MISSING));
        assertEquals(Set.of(PreflightCheck.RECEIVE), checks(report.with(Outcome.UNKNOWN)));
        assertEquals(3, aws.receiptsOf(3));
    }

    @Test
    void noTagIsLeftIfItMayNotBeRemoved() throws InterruptedException {
        aws.route().deny("UntagQueue");

        assertOnly(PreflightCheck.CLAIM, Outcome.MISSING, "sqs:UntagQueue denied", "\"sqs:UntagQueue\"", aws.report());
        assertEquals(
                Map.of(),
                aws.simulator()
                        .sqsClient()
                        .listQueueTags(it -> it.queueUrl(aws.simulator().queueUrl()))
                        .tags());
    }

    @Test
    void anyRuleOfAnyAccountIsNoNamedSender() throws InterruptedException {
        aws.route()
                .attribute(
                        "Policy",
                        policy(
                                "AnyAccount",
                                "{\"Service\":\"events.amazonaws.com\"}",
                                "{\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:events:*:*:rule/*\"}}"));

        assertOnly(PreflightCheck.OTHER_SENDERS, Outcome.MISSING, "AnyAccount: lets in", "rule/", aws.report());
    }

    /** The decoder reads health changes as well; they only hasten what a reconcile pass finds. */
    @Test
    void theNeededEventsAreThoseThatTheDecoderReads() throws ReflectiveOperationException {
        Field details = Class.forName("io.clusterstate.internal.event.Envelope").getDeclaredField("DETAILS");
        details.setAccessible(true);
        Set<Object> read = new HashSet<>(((Map<?, ?>) details.get(null)).keySet());

        assertTrue(read.remove("ECS Container Instance Health Change"));
        assertEquals(Set.copyOf(EventPattern.NEEDED), read);
    }

    @Test
    void messagesThatMayNotBeReceivedAreFound() throws InterruptedException {
        aws.route().deny("ReceiveMessage");

        PreflightFinding finding = finding(PreflightCheck.RECEIVE, aws.report());

        assertEquals(Outcome.MISSING, finding.outcome());
        assertTrue(finding.mend().orElseThrow().contains("\"sqs:ReceiveMessage\""));
    }

    @ParameterizedTest
    @ValueSource(longs = {-60, 60})
    void aWrongClockIsFound(long seconds) throws InterruptedException {
        InstantSource wrong = () -> Instant.now().plusSeconds(seconds);

        PreflightReport report = report(it -> it.clock(wrong));

        String side = seconds < 0 ? "behind" : "ahead of";
        assertOnly(PreflightCheck.CLOCK, Outcome.MISSING, side, "timedatectl set-ntp true", report);
    }

    @Test
    void anOutageOfEcsIsUnknown() throws InterruptedException {
        aws.simulator().faults().ecsOutage(true);
        try {
            PreflightReport report = aws.report();

            assertEquals(List.of(), report.with(Outcome.MISSING));
            assertTrue(checks(report.with(Outcome.UNKNOWN))
                    .containsAll(EnumSet.range(PreflightCheck.LIST_CLUSTERS, PreflightCheck.CLOCK)));
        } finally {
            aws.simulator().faults().ecsOutage(false);
        }
    }

    @Test
    void aLimitEndsTheRun() throws InterruptedException {
        aws.simulator().faults().delayResponses(Duration.ofSeconds(20));
        try {
            long begun = System.nanoTime();

            PreflightReport report = report(it -> it.limit(Duration.ofSeconds(1)));

            assertTrue(System.nanoTime() - begun < Duration.ofSeconds(15).toNanos());
            assertEquals(
                    "no answer within 1 s",
                    finding(PreflightCheck.CLOCK, report).found());
        } finally {
            aws.simulator().faults().delayResponses(Duration.ZERO);
        }
    }

    @Test
    void aTinyLimitIsNoEndlessOne() throws InterruptedException {
        aws.simulator().faults().delayResponses(Duration.ofSeconds(20));
        try {
            long begun = System.nanoTime();

            report(it -> it.limit(Duration.ofNanos(1)));

            assertTrue(System.nanoTime() - begun < Duration.ofSeconds(15).toNanos());
        } finally {
            aws.simulator().faults().delayResponses(Duration.ZERO);
        }
    }

    @Test
    void badSettingsAreRefused() {
        EcsClient ecs = aws.simulator().ecsClient();
        SqsClient sqs = aws.simulator().sqsClient();

        assertThrows(IllegalArgumentException.class, () -> MirrorPreflight.of(ecs, sqs, "arn:aws:sns:us-east-1:1:x"));
        MirrorPreflight preflight = MirrorPreflight.of(ecs, sqs, "css_queue");
        assertThrows(IllegalArgumentException.class, () -> preflight.pollWait(Duration.ofMillis(1_500)));
        assertThrows(IllegalArgumentException.class, () -> preflight.limit(Duration.ZERO));
    }

    /** Runs in a class path without EventBridge's module, on clients of that class path. */
    @Test
    void withoutTheModuleOfEventBridgeTheRulesAreUnknown() throws Exception {
        try (ClassPathWithout host =
                new ClassPathWithout("software.amazon.awssdk.services.eventbridge.EventBridgeClient")) {
            Object report = host.loadClass(WithoutRules.class.getName())
                    .getMethod("report", String.class, String.class, String.class)
                    .invoke(
                            null,
                            aws.simulator().ecsEndpoint().toString(),
                            aws.route().endpoint().toString(),
                            aws.simulator().queueName());

            assertEquals(
                    List.of(
                            "RULE: UNKNOWN: no EventBridge client was given (expected: a rule of source aws.ecs)",
                            "TARGET: UNKNOWN: no EventBridge client was given (expected: a rule of source aws.ecs)",
                            "EVENT_TYPES: UNKNOWN: no EventBridge client was given (expected: a rule of source aws.ecs)"),
                    report.toString()
                            .lines()
                            .filter(each -> !each.contains(": OK: "))
                            .toList());
            Class<?> rules = host.loadClass(EventRules.class.getName());
            assertThrows(NoClassDefFoundError.class, rules::getMethods);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static PreflightReport report(UnaryOperator<MirrorPreflight> change) throws InterruptedException {
        return aws.report(PreflightFixture.REGION, aws.simulator().queueName(), Duration.ofSeconds(30), change);
    }

    private static void assertOnly(
            PreflightCheck check, Outcome outcome, String found, String mend, PreflightReport report) {
        PreflightFinding finding = finding(check, report);
        assertEquals(outcome, finding.outcome(), report::toString);
        assertTrue(finding.found().contains(found), finding::toString);
        assertTrue(finding.mend().orElseThrow().contains(mend), () -> finding.mend()
                .orElseThrow());
        assertEquals(EnumSet.complementOf(EnumSet.of(check)), checks(report.with(Outcome.OK)), report::toString);
    }

    private static PreflightFinding finding(PreflightCheck check, PreflightReport report) {
        return report.findings().stream()
                .filter(each -> each.check() == check)
                .findFirst()
                .orElseThrow();
    }

    private static Set<PreflightCheck> checks(List<PreflightFinding> findings) {
        return findings.stream().map(PreflightFinding::check).collect(Collectors.toSet());
    }
}
