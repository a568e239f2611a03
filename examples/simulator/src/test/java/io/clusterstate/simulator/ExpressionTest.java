package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/** Expressions as filters of ListContainerInstances, over three instances. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExpressionTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().clock(clock).clusters(1).tasks(0).withoutSqs().build();
    private final Clients clients = new Clients(simulator);
    private EcsClient ecs;
    private List<String> hosts;

    /** The instances are one (stack prod, slots 2), two (stack test, one task), three (rack without a value). */
    @BeforeAll
    void start() {
        simulator.start();
        ecs = clients.ecs();
        hosts = List.of(
                register("i-one", "1.9.0", attribute("stack", "prod"), attribute("slots", "2")),
                register("i-two", "1.10.0", attribute("stack", "test"), attribute("slots", "10")),
                register("i-three", "1.102.2", Attribute.builder().name("rack").build()));
        ecs.startTask(it -> it.taskDefinition("web").group("database").containerInstances(hosts.get(1)));
        SimulatedTime.comeToRest(simulator, clock);
    }

    @AfterAll
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void comparisonsSelectAsAwsDocumentsThem() {
        select("attribute:stack == prod", 1);
        select("attribute:stack equals 'prod'", 1);
        select("attribute:stack != prod", 2);
        select("attribute:stack exists", 1, 2);
        select("attribute:rack exists", 3);
        select("attribute:stack !exists", 3);
        select("attribute:stack not_exists", 3);
        select("attribute:stack in [prod, test]", 1, 2);
        select("attribute:stack in ['prod']", 1);
        select("attribute:stack !in [prod,dev]", 2);
        select("attribute:stack not_in [prod]", 2);
        select("attribute:stack =~ p.*", 1);
        select("attribute:stack =~ p", List.of());
        select("attribute:stack matches (prod|test)".replace("(", "").replace(")", ""), 1, 2);
        select("attribute:stack !~ p.*", 2);
        select("attribute:slots > 2", 2);
        select("attribute:slots >= 2", 1, 2);
        select("attribute:slots less_than 3", 1);
        select("attribute:ecs.instance-type == m5.large", 1, 2, 3);
    }

    @Test
    void fieldsOfAnInstanceAreSubjects() {
        select("agentConnected == true", 1, 2, 3);
        select("agentVersion < 1.10.0", 1);
        select("agentVersion >= 1.10", 2, 3);
        select("ec2InstanceId in ['i-one', 'i-three']", 1, 3);
        select("runningTasksCount == 1", 2);
        select("runningTasksCount < 1", 1, 3);
        select("task:group == database", 2);
        select("not(task:group == database)", 1, 3);
        select("registeredAt < 2026-03-02", 1, 2, 3);
        select("registeredAt > 2026-03-01T10:00:00Z", 1, 2, 3);
        select("registeredAt > 2026-03-01T10:00:00+01:00", 1, 2, 3);
        select("registeredAt > 2026-03-01T10:00:01", List.of());
    }

    @Test
    void operatorsCombineWithTheirPrecedence() {
        select("attribute:stack == prod or attribute:stack == test and runningTasksCount == 0", 1);
        select("(attribute:stack == prod or attribute:stack == test) and runningTasksCount == 1", 2);
        select("!(attribute:stack exists) || agentVersion == 1.9.0", 1, 3);
        select("not not attribute:stack == prod", 1);
        select("attribute:stack==prod&&agentConnected==true", 1);
    }

    @Test
    void whatIsNoExpressionIsInvalid() {
        for (var nonsense : List.of(
                " ",
                "attribute:stack",
                "attribute:stack ==",
                "attribute:stack = prod",
                "nothing == 1",
                "(attribute:stack == prod",
                "attribute:stack == prod)",
                "attribute:stack in prod",
                "attribute:stack in [prod",
                "attribute:stack =~ [",
                "attribute:stack == prod and",
                "agentConnected > true",
                "runningTasksCount == few",
                "runningTasksCount exists",
                "registeredAt < yesterday",
                "!".repeat(100) + "attribute:a exists")) {
            assertThrows(InvalidParameterException.class, () -> select(nonsense, List.of()), nonsense);
        }
        assertEquals(
                "Invalid expression: nothing == 1 (expected: a subject at character 1)",
                assertThrows(InvalidParameterException.class, () -> select("nothing == 1", List.of()))
                        .awsErrorDetails()
                        .errorMessage());
    }

    @Test
    void nothingButEcsOwnErrorComesOfRandomText() {
        var parts = List.of(
                "attribute:a",
                "task:group",
                "==",
                "!=",
                "in",
                "[",
                "]",
                ",",
                "(",
                ")",
                "not",
                "and",
                "or",
                "!",
                "&&",
                "||",
                "=~",
                "exists",
                "x",
                "'",
                "\"",
                " ",
                "registeredAt",
                "<",
                "2026-01-01",
                "*",
                "{9",
                "runningTasksCount");
        long seed = 18;
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(12); length >= 0; length--) {
                text.append(parts.get(random.nextInt(parts.size()))).append(random.nextBoolean() ? " " : "");
            }
            try {
                Expression.parse(text.toString());
            } catch (EcsError expected) {
                assertEquals("InvalidParameterException", expected.type(), () -> "seed " + seed + ": " + text);
            }
        }
    }

    private void select(String expression, Integer... numbers) {
        select(expression, List.of(numbers));
    }

    private void select(String expression, List<Integer> numbers) {
        var selected = ecs.listContainerInstances(it -> it.filter(expression)).containerInstanceArns().stream()
                .map(it -> hosts.indexOf(it) + 1)
                .toList();
        assertEquals(numbers, selected, expression);
    }

    private String register(String instanceId, String agent, Attribute... attributes) {
        clock.turn(Duration.ofMillis(1));
        return ecs.registerContainerInstance(it -> it.instanceIdentityDocument(
                                "{\"instanceId\":\"" + instanceId + "\"}")
                        .versionInfo(VersionInfo.builder().agentVersion(agent).build())
                        .attributes(attributes))
                .containerInstance()
                .containerInstanceArn();
    }

    private static Attribute attribute(String name, String value) {
        return Attribute.builder().name(name).value(value).build();
    }
}
