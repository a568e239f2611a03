package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** Events that do not belong in the queue: of other accounts, Regions and partitions, and of the past. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StraysTest {
    private static final Arns OTHER_HOME = new Arns("eu-west-1", "999999999999");
    private static final String HOME = "arn:aws:ecs:us-east-1:123456789012:";
    /** What a task or instance event of EventBridge has, and what a replay adds. */
    private static final Set<String> ENVELOPE =
            Set.of("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail");

    private final TurnableClock clock = new TurnableClock();
    private final Instant began = clock.instant();
    private final Simulator simulator = Simulator.builder()
            .seed(21)
            .clock(clock)
            .clusters(2)
            .tasks(300)
            .shortArnShare(0.2)
            .keepEndedFor(Duration.ofSeconds(2))
            .faults(EnumSet.of(Fault.FOREIGN, Fault.VANISH))
            .build();

    private final Clients clients = new Clients(simulator);
    private Set<String> atFirst;
    private List<Event> events;

    @BeforeAll
    void live() {
        atFirst = arnsOf(simulator.truth());
        simulator.start();
        SimulatedTime.steps(simulator, clock, 300);
        events = clients.events();
    }

    @AfterAll
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void eachIsCountedAndNoneIsAChangeOfThisWorld() {
        var counts = simulator.truth().events();

        assertEquals(counts.foreign(), foreign().count());
        assertEquals(counts.replayed(), replays().count());
        assertEquals(
                counts.emitted(), events.size() - counts.foreign() - counts.replayed(), "the rest is what happened");
        assertEquals(counts.sent(), events.size());
        assertTrue(counts.foreign() > 30 && counts.replayed() > 30, counts::toString);
    }

    @Test
    void theForeignAreOfAnotherAccountAnotherRegionAndAnotherPartition() {
        var places = new TreeSet<String>();

        foreign().forEach(event -> {
            var place = event.resource().substring(0, event.resource().lastIndexOf(":") + 1);
            places.add(place);
            assertEquals(
                    place,
                    "%s:ecs:%s:%s:"
                            .formatted(
                                    place.startsWith("arn:aws-cn:") ? "arn:aws-cn" : "arn:aws",
                                    event.json().get("region").asText(),
                                    event.json().get("account").asText()));
        });

        assertEquals(
                Set.of(
                        "arn:aws:ecs:us-east-1:876543210987:",
                        "arn:aws:ecs:eu-west-1:123456789012:",
                        "arn:aws-cn:ecs:cn-north-1:876543210987:"),
                places);
    }

    @Test
    void theForeignNameNothingOfHomeButTheClusters() {
        var ids = atHome().map(it -> Arns.lastSegment(it.resource())).collect(Collectors.toSet());

        foreign().filter(it -> !it.resource().contains(":service/")).forEach(event -> {
            assertFalse(event.json().toString().contains(HOME), event.json()::toString);
            assertFalse(ids.contains(Arns.lastSegment(event.resource())), event::resource);
            assertTrue(Arns.lastSegment(event.resource()).matches("[0-9a-f]{32}|[0-9a-f-]{36}"), event::resource);
        });

        assertEquals(
                Set.of("default", "sim-2"),
                foreign()
                        .map(it ->
                                Arns.lastSegment(it.detail().get("clusterArn").asText()))
                        .collect(Collectors.toSet()));
    }

    @Test
    void everyKindOfEventIsAmongTheForeign() {
        var kinds = foreign().map(Event::kind).collect(Collectors.toSet());

        assertTrue(
                kinds.containsAll(
                        Set.of("ECS Task State Change", "ECS Container Instance State Change", "ECS Service Action")),
                kinds::toString);
    }

    @Test
    void straysHaveTheFieldsThatEventsHave() {
        events.forEach(event -> {
            var names =
                    event.json().properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
            assertEquals(isReplay(event), names.remove("replay-name"));
            assertEquals(ENVELOPE, names);
            if (event.isOfTask() || event.isOfInstance()) {
                assertEquals(
                        seconds(event.detail().get("updatedAt").asText()),
                        Instant.parse(event.json().get("time").asText()));
                assertEquals(
                        event.resource(),
                        event.detail()
                                .get(event.isOfTask() ? "taskArn" : "containerInstanceArn")
                                .asText());
            }
        });
    }

    @Test
    void someReplaysShowTasksRunningThatVanishedOrEndedAndAreForgotten() {
        var known = arnsOf(simulator.truth());
        var told = atHome().map(Event::resource).collect(Collectors.toSet());
        var forgotten = replays()
                .filter(StraysTest::isRunningTask)
                .map(Event::resource)
                .filter(it -> !known.contains(it))
                .collect(Collectors.toSet());

        assertTrue(forgotten.stream().anyMatch(atFirst::contains), "one that was there from the beginning");
        assertTrue(
                forgotten.stream().anyMatch(it -> !atFirst.contains(it) && told.contains(it)), "one that began later");
    }

    @Test
    void someReplaysAreOfTasksAndInstancesThatEndedHoursOrDaysBefore() {
        var everThere = atHome().map(Event::resource).collect(Collectors.toCollection(HashSet::new));
        everThere.addAll(atFirst);
        var before = replays()
                .filter(it -> it.isOfTask() || it.isOfInstance())
                .filter(it -> !everThere.contains(it.resource()))
                .toList();

        before.forEach(event -> {
            assertTrue(event.resource().startsWith(HOME), event::resource);
            assertTrue(
                    seconds(event.json().get("time").asText()).isBefore(began.minus(Duration.ofMinutes(59))),
                    event.json()::toString);
            assertTrue(event.isOfInstance() || isRunningTask(event), event.json()::toString);
        });
        assertTrue(before.stream().anyMatch(Event::isOfTask));
        assertTrue(before.stream().anyMatch(Event::isOfInstance));
    }

    @Test
    void someReplaysRepeatEventsOfTasksThatLiveWordForWord() {
        var known = arnsOf(simulator.truth());
        var told = new HashMap<String, JsonNode>();
        atHome().forEach(it -> told.put(it.id(), it.json()));
        var repeats = replays().filter(it -> told.containsKey(it.id())).toList();

        repeats.forEach(event -> assertEquals(told.get(event.id()), withoutReplayName(event)));
        assertTrue(repeats.stream().anyMatch(it -> it.isOfTask() && known.contains(it.resource())));
        assertTrue(
                replays()
                        .anyMatch(it -> isRunningTask(it)
                                && known.contains(it.resource())
                                && seconds(it.json().get("time").asText()).isBefore(began.minus(Duration.ofHours(1)))),
                "of one that has been running for hours");
    }

    @Test
    void straysChangeNothingOfWhatHappens() {
        var calm = Simulator.builder().seed(8).clock(new TurnableClock()).tasks(60);
        var beside =
                Simulator.builder().seed(8).clock(new TurnableClock()).tasks(60).faults(EnumSet.of(Fault.FOREIGN));

        try (var one = calm.withoutSqs().build();
                var other = beside.withoutSqs().build()) {
            for (int i = 0; i < 60; i++) {
                one.step();
                other.step();
            }
            assertEquals(one.truth().tasks(), other.truth().tasks());
            assertEquals(one.truth().events().emitted(), other.truth().events().emitted());
            assertEquals(0, one.truth().events().foreign());
        }
    }

    @Test
    void theForeignAreForeignToEveryHome() {
        var archive = new Archive();
        var strayEvents = new StrayEvents(OTHER_HOME, archive, it -> true, new Randomness(4));
        var event = running("0123456789abcdef0123456789abcdef");
        archive.keep(event);

        var places = Stream.generate(() -> strayEvents.beside(event))
                .limit(1_000)
                .flatMap(Optional::stream)
                .filter(it -> it.replay() == null)
                .map(it -> Arns.placeOf(it.resource()))
                .collect(Collectors.toSet());

        assertEquals(3, places.size());
        places.forEach(place -> assertNotEquals(OTHER_HOME, place));
    }

    @Test
    void whatIsForgottenIsReplayedMoreThanWhatIsKnown() {
        var archive = new Archive();
        var known = running("0123456789abcdef0123456789abcdef");
        var forgotten = running("00000000000000000000000000000000");
        var strayEvents = new StrayEvents(OTHER_HOME, archive, known.resource()::equals, new Randomness(5));
        archive.keep(known);
        archive.keep(forgotten);

        var replays = Stream.generate(() -> strayEvents.beside(known))
                .limit(10_000)
                .flatMap(Optional::stream)
                .filter(it -> it.replay() != null)
                .map(EcsEvent::resource)
                .collect(Collectors.groupingBy(it -> it, Collectors.counting()));

        assertTrue(replays.get(forgotten.resource()) > 2 * replays.get(known.resource()), replays::toString);
    }

    private EcsEvent running(String id) {
        var arn = OTHER_HOME.of("task/default/" + id);
        var task = Task.builder()
                .taskArn(arn)
                .clusterArn(OTHER_HOME.cluster("default"))
                .lastStatus("RUNNING")
                .desiredStatus("RUNNING")
                .build();
        return new EcsEvent(id, EcsEvent.TASK, arn, began, task, Map.of("updatedAt", began));
    }

    private Stream<Event> foreign() {
        return events.stream().filter(it -> !it.resource().startsWith(HOME));
    }

    private Stream<Event> replays() {
        return events.stream().filter(StraysTest::isReplay);
    }

    /** What happened here and now. */
    private Stream<Event> atHome() {
        return events.stream().filter(it -> it.resource().startsWith(HOME) && !isReplay(it));
    }

    private static boolean isReplay(Event event) {
        return event.json().has("replay-name");
    }

    private static boolean isRunningTask(Event event) {
        return event.isOfTask()
                && event.status().equals("RUNNING")
                && event.detail().get("desiredStatus").asText().equals("RUNNING");
    }

    private static JsonNode withoutReplayName(Event event) {
        return event.json().<ObjectNode>deepCopy().without("replay-name");
    }

    private static Instant seconds(String time) {
        return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Set<String> arnsOf(Truth truth) {
        return Stream.concat(
                        truth.tasks().stream().map(Task::taskArn),
                        truth.instances().stream().map(it -> it.containerInstanceArn()))
                .collect(Collectors.toSet());
    }
}
