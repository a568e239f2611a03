package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeCause;
import io.clusterstate.ChangeListener;
import io.clusterstate.EntityKind;
import io.clusterstate.Snapshot;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The fetches of task definitions, from the reference by a task to the removal of an unused one. */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class TaskDefinitionsTest {

    private static final double UNLIMITED = 1_000_000;
    private static final Duration HOUR = Duration.ofHours(1);

    private @Nullable MirroredEcs ecs;

    @AfterEach
    void end() {
        if (ecs != null) {
            ecs.close();
        }
    }

    private MirroredEcs mirrored(SimulatorBuilder simulator, TaskDefinitions choice) {
        MirroredEcs made =
                MirroredEcs.of(simulator, builder -> builder.apiShare(UNLIMITED).taskDefinitions(choice));
        ecs = made;
        return made;
    }

    private MirroredEcs mirrored(TaskDefinitions choice) {
        return mirrored(Simulator.builder().seed(5).clusters(2).tasks(60).definitions(6), choice);
    }

    private static long calls(MirroredEcs ecs) {
        return ecs.simulator().calls().getOrDefault("DescribeTaskDefinition", 0L);
    }

    private static DefinitionFetches fetches(MirroredEcs ecs) {
        return ecs.mirror().status().definitions();
    }

    /** The definitions that the living tasks and services of a snapshot refer to. */
    private static Set<String> referred(Snapshot snapshot) {
        Set<String> arns = snapshot.tasks().where(task -> !EntityKind.TASK.hasEnded(task)).stream()
                .map(Task::taskDefinitionArn)
                .collect(Collectors.toSet());
        snapshot.services().stream().forEach(service -> arns.add(service.taskDefinition()));
        return arns;
    }

    private static Set<String> held(Snapshot snapshot) {
        return snapshot.definitions().stream()
                .map(TaskDefinition::taskDefinitionArn)
                .collect(Collectors.toSet());
    }

    private static void awaitAllFetched(MirroredEcs ecs) {
        await(() -> referred(ecs.snapshot()).equals(held(ecs.snapshot())));
    }

    @Test
    void eachDefinitionIsFetchedOnce() throws Exception {
        MirroredEcs ecs = mirrored(
                Simulator.builder().seed(7).clusters(3).tasks(2_000).definitions(500), TaskDefinitions.referenced());
        ecs.ready();
        awaitAllFetched(ecs);
        ecs.reconcileAll();
        ecs.awaitRounds("definitions");

        int definitions = referred(ecs.snapshot()).size();
        System.out.printf(
                "%d definitions of %d tasks: %d calls%n",
                definitions, ecs.snapshot().tasks().count(), calls(ecs));
        assertTrue(ecs.snapshot().tasks().count() >= 2_000);
        assertEquals(500, definitions);
        assertEquals(500, calls(ecs));
        assertEquals(DefinitionFetches.NONE, fetches(ecs));
        assertTrue(ecs.snapshot().tasks().stream()
                .allMatch(task -> ecs.snapshot().definition(task).isPresent()));
    }

    @Test
    void aMirrorFetchesNoneByDefault() throws Exception {
        MirroredEcs plain =
                MirroredEcs.of(Simulator.builder().seed(5).clusters(1).tasks(20));
        ecs = plain;
        plain.ready();
        plain.reconcileAll();

        assertEquals(0, calls(plain));
        assertEquals(0, plain.snapshot().definitions().count());
        assertTrue(plain.mirror().status().loops().stream()
                .noneMatch(loop -> loop.name().equals("definitions")));
    }

    @Test
    void theDefinitionOfANewTaskArrives() throws Exception {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced()).ready();
        String arn = register(ecs, "new");
        TimeoutException early =
                assertThrows(TimeoutException.class, () -> ecs.view().awaitDefinition(arn, Duration.ofMillis(1)));
        assertTrue(early.getMessage().startsWith("no task definition " + arn + " after PT0.001S"), early::getMessage);

        String task = run(ecs, arn);

        TaskDefinition fetched = ecs.view().awaitDefinition(arn, MirroredEcs.LIMIT);
        assertEquals("new", fetched.family());
        Snapshot now = ecs.view().awaitUntil(snapshot -> snapshot.task(task).isPresent(), MirroredEcs.LIMIT);
        assertEquals(fetched, now.definition(now.task(task).orElseThrow()).orElseThrow());
    }

    /** The limit is longer than the test may take. */
    @Test
    void aFamilyIsNotWaitedFor() {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced());

        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> ecs.view().awaitDefinition("web", Duration.ofDays(1)));
        assertTrue(refusal.getMessage().startsWith("taskDefinition: web (expected: FAMILY:REVISION or an ARN"));
    }

    @Test
    void valuesAreLeftOutBeforeTheStore() throws Exception {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced()).ready();
        awaitAllFetched(ecs);

        List<ContainerDefinition> containers = containers(ecs);
        assertFalse(containers.isEmpty());
        for (ContainerDefinition container : containers) {
            assertEquals(
                    List.of("LOG_LEVEL", "API_TOKEN"),
                    container.environment().stream().map(each -> each.name()).toList());
            assertTrue(container.environment().stream().allMatch(each -> each.value() == null));
            assertTrue(container.secrets().stream().allMatch(each -> each.valueFrom() == null));
            assertTrue(container.logConfiguration().options().containsKey("awslogs-group"));
        }
        String everything = ecs.store().snapshot().definitions().stream()
                .map(DefinitionValuesTest::json)
                .collect(Collectors.joining());
        assertTrue(everything.contains("API_TOKEN"));
        assertFalse(everything.contains("token-of-"), "nothing of a value is in the store");
        assertFalse(everything.contains("password-Ab12Cd"), "nothing of a secret's place is in the store");
    }

    @Test
    void valuesAreKeptWhereTheHostAsksForThem() throws Exception {
        MirroredEcs ecs =
                mirrored(TaskDefinitions.referenced().withEnvironment()).ready();
        awaitAllFetched(ecs);

        for (ContainerDefinition container : containers(ecs)) {
            assertTrue(container.environment().stream()
                    .anyMatch(each -> String.valueOf(each.value()).startsWith("token-of-")));
            assertTrue(container.secrets().stream().allMatch(each -> each.valueFrom() != null));
        }
    }

    private static List<ContainerDefinition> containers(MirroredEcs ecs) {
        return ecs.snapshot().definitions().stream()
                .flatMap(definition -> definition.containerDefinitions().stream())
                .toList();
    }

    @Test
    void anUnusedDefinitionStaysForItsTimeAndIsFetchedAgain() throws Exception {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced().keptFor(HOUR)).ready();
        awaitAllFetched(ecs);
        long before = calls(ecs);
        String arn = register(ecs, "batch");
        String task = run(ecs, arn);
        ecs.view().awaitDefinition(arn, MirroredEcs.LIMIT);
        List<ChangeCause> causes = new CopyOnWriteArrayList<>();
        ecs.view()
                .subscribe(ChangeListener.builder()
                        .definitions(definitions -> definitions
                                .matching(all -> all.family("batch"))
                                .onEach((change, batch) -> causes.add(change.cause())))
                        .build());
        await(() -> causes.size() == 1);
        stop(ecs, task);
        ecs.awaitRounds("definitions");

        ecs.time().advance(HOUR.minusSeconds(60));
        ecs.awaitRounds("definitions");
        assertTrue(ecs.snapshot().taskDefinition(arn).isPresent(), "within its time");

        ecs.time().advance(Duration.ofSeconds(60));
        await(() -> causes.size() == 2);
        assertEquals(ChangeCause.RETENTION, causes.get(1));
        assertTrue(ecs.snapshot().taskDefinition(arn).isEmpty());
        assertEquals(before + 1, calls(ecs));

        run(ecs, arn);
        ecs.view().awaitDefinition(arn, MirroredEcs.LIMIT);
        assertEquals(before + 2, calls(ecs));
    }

    @Test
    void aRefusedDefinitionIsReportedAndNotAskedForAtOnce() throws Exception {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced()).ready();
        awaitAllFetched(ecs);
        String arn = register(ecs, "secret");
        ecs.simulator().faults().failAbout(arn, "AccessDeniedException");
        long before = calls(ecs);
        run(ecs, arn);

        await(() -> fetches(ecs).refused().containsKey(arn));
        assertEquals(1, fetches(ecs).waiting());
        String problem = ecs.mirror().status().problems().get(0);
        assertTrue(
                problem.startsWith(
                        "task definitions: 1 not fetched (expected: none), such as " + arn + ": AccessDeniedException"),
                problem);
        ecs.time().advance(Duration.ofSeconds(29));
        ecs.awaitRounds("definitions");
        assertEquals(before + 1, calls(ecs));

        ecs.simulator().faults().forgive(arn);
        ecs.time().advance(Duration.ofSeconds(31));
        ecs.view().awaitDefinition(arn, MirroredEcs.LIMIT);
        await(() -> fetches(ecs).equals(DefinitionFetches.NONE));
        assertEquals(List.of(), ecs.mirror().status().problems());
        assertEquals(before + 2, calls(ecs));
    }

    @Test
    void aDefinitionThatEcsDoesNotHaveIsReported() throws Exception {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced()).ready();
        awaitAllFetched(ecs);
        Task task = ecs.anyTask("default");
        String gone = task.taskDefinitionArn().replaceAll("[^/]*$", "gone:1");
        ecs.store()
                .apply(List.of(Entities.upsert(
                        EntityKind.TASK, task.clusterArn(), task.copy(changes -> changes.taskDefinitionArn(gone)
                                .version(task.version() + 1)))));

        await(() -> fetches(ecs).refused().containsKey(gone));
        assertTrue(
                fetches(ecs).refused().get(gone).startsWith("ClientException: Unable to describe task definition."),
                () -> fetches(ecs).toString());
    }

    @Test
    void anOutageDelaysTheFetch() throws Exception {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced()).ready();
        awaitAllFetched(ecs);
        String arn = register(ecs, "late");
        ecs.simulator().faults().failNext("DescribeTaskDefinition", 5);
        long before = calls(ecs);
        run(ecs, arn);

        await(() -> calls(ecs) == before + 4);
        ecs.awaitRounds("definitions");
        ecs.time().advance(Duration.ofSeconds(2));
        ecs.view().awaitDefinition(arn, MirroredEcs.LIMIT);
        assertEquals(DefinitionFetches.NONE.refused(), fetches(ecs).refused(), "an outage is no refusal");
    }

    @Test
    void aDefinitionWithoutAnAnswerDelaysNoOther() throws Exception {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced());
        String good = register(ecs, "good");
        ecs.world().ecs().runTask(request -> request.cluster("default").taskDefinition(good));
        ecs.time().advance(Duration.ofSeconds(1));
        String bad = register(ecs, "bad"); // with the newest reference, so that it is asked for first
        ecs.world().ecs().runTask(request -> request.cluster("default").taskDefinition(bad));
        ecs.simulator().faults().failAbout(bad, "ServerException");
        ecs.ready();

        ecs.view().awaitDefinition(good, MirroredEcs.LIMIT);
        await(() -> fetches(ecs).waiting() == 1);
        for (int i = 0; i < 20 && fetches(ecs).refused().isEmpty(); i++) {
            ecs.time().advance(Duration.ofSeconds(10));
            ecs.awaitRounds("definitions");
        }
        assertTrue(fetches(ecs).refused().get(bad).startsWith("ServerException"), "reported once it lasts");

        ecs.simulator().faults().forgive(bad);
        ecs.time().advance(Duration.ofMinutes(5));
        ecs.view().awaitDefinition(bad, MirroredEcs.LIMIT);
    }

    @Test
    void aLostAnswerDelaysOneDefinition() throws Exception {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced());
        ecs.simulator().faults().loseAnswers("DescribeTaskDefinition", 4);
        ecs.ready();

        await(() -> fetches(ecs).waiting() == 1);
        ecs.awaitRounds("definitions");
        assertEquals(referred(ecs.snapshot()).size() - 1, held(ecs.snapshot()).size());
        ecs.time().advance(Duration.ofSeconds(2));
        awaitAllFetched(ecs);
    }

    @Test
    void aDeniedRightCostsOneCallNowAndThen() throws Exception {
        MirroredEcs ecs = mirrored(TaskDefinitions.referenced());
        ecs.simulator().faults().failNext("DescribeTaskDefinition", 2, "AccessDeniedException");
        ecs.ready();

        await(() -> fetches(ecs).refused().size() == 1);
        ecs.awaitRounds("definitions");
        assertEquals(1, calls(ecs));
        ecs.time().advance(Duration.ofMinutes(1));
        await(() -> calls(ecs) >= 2);
        ecs.awaitRounds("definitions");
        assertEquals(2, calls(ecs), "a probe");

        ecs.time().advance(Duration.ofMinutes(2));
        awaitAllFetched(ecs);
        await(() -> fetches(ecs).equals(DefinitionFetches.NONE));
    }

    @Test
    void aMirrorThatDoesNotLeadFetchesNone() throws Exception {
        TestTime time = new TestTime();
        TestCoordination coordination = new TestCoordination();
        MirroredEcs made = MirroredEcs.of(
                time, Simulator.builder().seed(5).clusters(1).tasks(30).definitions(3), builder -> builder.store(
                                new FencedStore(coordination, time))
                        .apiShare(UNLIMITED)
                        .taskDefinitions(TaskDefinitions.referenced()));
        ecs = made;
        made.ready();
        awaitAllFetched(made);
        coordination.term(0);
        made.awaitRounds("definitions");
        long before = calls(made);
        String arn = register(made, "new");
        run(made, arn);
        made.awaitRounds("definitions");

        assertEquals(before, calls(made));
        assertEquals(DefinitionFetches.NONE, fetches(made));
        coordination.term(2);
        made.view().awaitDefinition(arn, MirroredEcs.LIMIT);
        assertEquals(before + 1, calls(made), "the new leader fetches what is not there, and nothing else");
    }

    private static String register(MirroredEcs ecs, String family) {
        return ecs.world()
                .ecs()
                .registerTaskDefinition(request -> request.family(family).containerDefinitions(container -> container
                        .name("app")
                        .image("example/app")
                        .cpu(16)
                        .memory(16)))
                .taskDefinition()
                .taskDefinitionArn();
    }

    private static String run(MirroredEcs ecs, String definition) {
        var answer =
                ecs.world().ecs().runTask(request -> request.cluster("default").taskDefinition(definition));
        assertEquals(List.of(), answer.failures());
        String arn = answer.tasks().get(0).taskArn();
        await(() -> ecs.snapshot().task(arn).isPresent());
        return arn;
    }

    private static void stop(MirroredEcs ecs, String task) {
        ecs.world().ecs().stopTask(request -> request.cluster("default").task(task));
        ecs.simulator().tick();
        await(() -> ecs.snapshot().task(task).map(EntityKind.TASK::hasEnded).orElse(true));
    }
}
