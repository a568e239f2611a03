package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.EntityKind;
import io.clusterstate.Expectation;
import io.clusterstate.Expectations;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.Origin;
import io.clusterstate.Requirement;
import io.clusterstate.Reservation;
import io.clusterstate.Snapshot;
import io.clusterstate.StoreLink;
import io.clusterstate.StoreView;
import io.clusterstate.ecs.Capacity;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.ecs.ServiceEvents;
import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.mirror.ExpectationBounds.Held;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.ViewHost;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * A history of one host on one simulated cluster: real calls of the API, and the changes in ECS as events that the test
 * delivers when and as often as it likes. One thread, and time that the test turns.
 */
final class ExpectationHistory implements AutoCloseable {

    /** Families of the simulator, with the CPU and memory of a task. */
    private static final Map<String, List<Integer>> SIZES =
            Map.of("web", List.of(256, 512), "worker", List.of(512, 1024), "api", List.of(256, 512));

    /** Needs a GPU, and no instance here has any. */
    private static final String REFUSED = "trainer";

    private static final Duration A_LONG_TIME = Duration.ofSeconds(150);

    private final Random random;
    private final TestTime time = new TestTime();
    private final ReferenceStore store = new ReferenceStore(time, Duration.ofHours(1), Duration.ofDays(1));
    private final Simulator simulator;
    private final EcsClient ecs;
    private final StoreView view = StoreView.byHand(store.journal(), new ReadyHost(), time);
    private final ExpectationWorker worker;
    private final Expectations mine;
    private final ExpectationBounds bounds = new ExpectationBounds();
    private final Map<String, Long> seen = new HashMap<>();
    private final List<Upsert<?>> onTheirWay = new ArrayList<>();
    private final Map<Held, Reservation> open = new HashMap<>();
    private final boolean isPrompt;
    private int calls;
    private String doing = "the beginning";

    ExpectationHistory(Random random) {
        this.random = random;
        bounds.hasOthers = random.nextInt(3) == 0;
        isPrompt = random.nextInt(3) == 0;
        simulator = Simulator.builder()
                .seed(random.nextLong())
                .clock(time)
                .clusters(1)
                .instancesPerCluster(2)
                .tasks(random.nextInt(8))
                .timePerStatus(Duration.ofSeconds(2))
                .withoutSqs()
                .build();
        simulator.start();
        ecs = SimulatorFixture.at(simulator.ecsEndpoint(), EcsClient.builder())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        worker = new ExpectationWorker(view, context());
        mine = worker.open();
        collect();
        deliverAll();
    }

    private ReconcileContext context() {
        Environment environment = new Environment(time, time, Thread::new, new Random(random.nextLong()));
        EcsApi api = new EcsApi(ecs, new ApiBudget(1, time), new ApiCounters(), environment, new ServiceEvents(10));
        NoCoordination alone = new NoCoordination(() -> StoreLink.LOCAL);
        Selection selection = new Selection(Clusters.all(), List.of(EntityKind.TASK, EntityKind.INSTANCE));
        selection.home().configure(simulator.truth().clusters().get(0).clusterArn());
        return new ReconcileContext(
                store,
                api,
                new DescribePool(1, environment),
                selection,
                Duration.ofMinutes(5),
                alone,
                new FreshnessTracker(alone, new ClockSteps(time, time::nanos), Duration.ofMinutes(5)),
                new RevisionTimes(time, Duration.ofMinutes(5)),
                environment);
    }

    ExpectationBounds bounds() {
        return bounds;
    }

    void step() throws InterruptedException {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> reserveAndStart();
            case 3 -> startAtOnce();
            case 4 -> runAnywhere();
            case 5, 6 -> stopOne();
            case 7 -> reserveInVain();
            case 8 -> pass(Duration.ofMillis(random.nextInt(4_000)));
            case 9 -> pass(random.nextInt(10) == 0 ? A_LONG_TIME : Duration.ofSeconds(20));
            case 10 -> conclude();
            default -> startAsAnother();
        }
        deliverSome();
        check("later");
    }

    private void reserveAndStart() {
        String instance = anyInstance();
        String family = anyFamily();
        String mark = "me/" + calls++;
        Held room = hold(instance, family);
        Reservation reservation = mine.reserve(instance, needs(family));
        boolean isMarked = random.nextInt(4) > 0;
        if (isMarked) {
            reservation.startedBy(mark);
        }
        check("reserved");
        int fate = open.isEmpty() ? random.nextInt(10) : 9; // one unknown outcome at a time, so that its end shows
        if (fate == 0) {
            simulator.faults().loseCalls("StartTask", 1);
        } else if (fate == 1) {
            simulator.faults().loseAnswers("StartTask", 1);
        }
        try {
            StartTaskResponse answer = start(instance, fate == 2 ? REFUSED : family, mark);
            room.tasks.addAll(arns(answer.tasks()));
            if (isMarked) {
                deliverSome(); // events overtake the answer
            }
            check("answered");
            reservation.launched(answer);
            note(answer.tasks());
            bounds.held.remove(room);
        } catch (SdkClientException e) {
            collect();
            room.tasks.addAll(startedBy(mark));
            reservation.startedBy(mark);
            reservation.unknown();
            open.put(room, reservation);
        }
        check("concluded");
    }

    private Held hold(String instance, String family) {
        bounds.acts(instance, view.snapshot(), simulator.truth());
        Held room =
                new Held(instance, SIZES.get(family).get(0), SIZES.get(family).get(1));
        bounds.held.add(room);
        return room;
    }

    private StartTaskResponse start(String instance, String family, String mark) {
        StartTaskResponse answer = ecs.startTask(request ->
                request.containerInstances(instance).taskDefinition(family).startedBy(mark));
        collect();
        return answer;
    }

    private void startAtOnce() {
        String instance = anyInstance();
        bounds.acts(instance, view.snapshot(), simulator.truth());
        StartTaskResponse answer = start(instance, anyFamily(), "me/" + calls++);
        mine.launched(answer);
        note(answer.tasks());
        check("started without a reservation");
    }

    private void runAnywhere() {
        String mark = "me/" + calls++;
        if (random.nextInt(5) == 0) {
            simulator.faults().loseAnswers("RunTask", 1);
        }
        instances().forEach(each -> bounds.acts(each, view.snapshot(), simulator.truth()));
        try {
            RunTaskResponse answer = ecs.runTask(request -> request.taskDefinition(anyFamily())
                    .count(1 + random.nextInt(2))
                    .startedBy(mark));
            collect();
            mine.launched(answer);
            note(answer.tasks());
        } catch (SdkClientException e) {
            collect();
            mine.unknown("default", mark);
            ask(); // what nobody reserved counts once ECS was asked
            startedBy(mark).forEach(bounds.noted::add);
        }
        check("run");
    }

    private void startAsAnother() {
        if (bounds.hasOthers) {
            start(anyInstance(), anyFamily(), "another");
        }
    }

    private void stopOne() {
        List<Task> live = simulator.truth().tasks().stream()
                .filter(task -> "RUNNING".equals(task.desiredStatus()))
                .filter(task -> bounds.hasOthers || !task.group().startsWith("service:")) // a service starts another
                .toList();
        if (!live.isEmpty()) {
            Task task = live.get(random.nextInt(live.size()));
            ecs.stopTask(request -> request.task(task.taskArn()));
            collect();
            mine.stopping(task.taskArn());
            bounds.stopping.add(task.taskArn());
            check("stopping");
        }
    }

    private void reserveInVain() {
        String instance = anyInstance();
        Held room = hold(instance, "web");
        Reservation reservation = mine.reserve(instance, needs("web"));
        check("reserved in vain");
        reservation.release();
        bounds.held.remove(room);
        check("released");
    }

    /** Learns later what became of an unknown outcome, before or after the library does. */
    private void conclude() {
        for (Map.Entry<Held, Reservation> each : Map.copyOf(open).entrySet()) {
            if (each.getKey().tasks.isEmpty() && random.nextBoolean()) {
                each.getValue().release();
                forget(each.getKey());
            }
        }
        check("released what was not started");
    }

    private void pass(Duration by) {
        Duration left = by;
        while (!left.isZero()) {
            Duration part =
                    left.compareTo(Duration.ofSeconds(1)) > 0 && !by.equals(A_LONG_TIME) ? Duration.ofSeconds(1) : left;
            time.advance(part);
            left = left.minus(part);
            simulator.tick();
            collect();
            ask();
            if (random.nextInt(3) == 0) {
                deliverSome();
            }
        }
        check("after " + by);
    }

    /** Lets the mirror ask, and takes over what has an outcome now. */
    private void ask() {
        try {
            for (int i = 0; i < 2; i++) {
                worker.askWhatIsDue(Duration.ZERO, () -> {});
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (mine.open().stream().noneMatch(each -> each.type() == Expectation.Type.UNKNOWN)) {
            List.copyOf(open.keySet()).forEach(this::forget);
        }
    }

    private void forget(Held room) {
        bounds.noted.addAll(room.tasks);
        bounds.held.remove(room);
        open.remove(room);
    }

    private void note(List<Task> tasks) {
        bounds.noted.addAll(arns(tasks));
    }

    private static List<String> arns(List<Task> tasks) {
        return tasks.stream().map(Task::taskArn).toList();
    }

    /** Notes what has changed in ECS, as events on their way. */
    private void collect() {
        Truth truth = simulator.truth();
        for (Task task : truth.tasks()) {
            if (!Long.valueOf(task.version()).equals(seen.put(task.taskArn(), task.version()))) {
                onTheirWay.add(event(EntityKind.TASK, task.clusterArn(), task));
            }
        }
        for (ContainerInstance instance : truth.instances()) {
            String arn = instance.containerInstanceArn();
            if (!Long.valueOf(instance.version()).equals(seen.put(arn, instance.version()))) {
                onTheirWay.add(event(EntityKind.INSTANCE, truth.clusterArnOf().get(arn), instance));
            }
        }
    }

    private <T> Upsert<T> event(EntityKind<T> kind, String clusterArn, T value) {
        return Upsert.of(kind, clusterArn, value, Origin.EVENT, time.instant());
    }

    private void deliverSome() {
        Collections.shuffle(onTheirWay, random);
        int some = isPrompt ? onTheirWay.size() : random.nextInt(onTheirWay.size() + 1);
        List<Upsert<?>> now = new ArrayList<>(onTheirWay.subList(0, some));
        onTheirWay.subList(0, some).clear();
        for (Upsert<?> event : now) {
            deliver(event);
            if (random.nextInt(5) == 0) {
                onTheirWay.add(event); // it comes again
            }
            if (random.nextInt(4) == 0) {
                check("between events");
            }
        }
    }

    private <T> void deliver(Upsert<T> event) {
        store.apply(List.of(event(
                event.kind(), event.observed().clusterArn(), event.observed().value())));
    }

    private void deliverAll() {
        onTheirWay.forEach(this::deliver);
        onTheirWay.clear();
    }

    private void check(String when) {
        doing = when;
        Snapshot laid = mine.snapshot();
        bounds.check(doing, laid, view.snapshot(), simulator.truth());
    }

    /** Ends all that is under way: then the overlay is the view, and the view is ECS's state. */
    void quieten() {
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofSeconds(40));
            deliverAll();
            check("quiet " + i);
        }
        assertEquals(List.of(), mine.open());
        assertEquals(0, mine.dropped());
        assertSame(view.snapshot(), mine.snapshot());
        for (ContainerInstance instance : simulator.truth().instances()) {
            assertEquals(
                    Capacity.remaining(instance),
                    Capacity.remaining(mine.snapshot()
                            .instance(instance.containerInstanceArn())
                            .orElseThrow()));
        }
    }

    private List<String> startedBy(String mark) {
        return simulator.truth().tasks().stream()
                .filter(task -> mark.equals(task.startedBy()))
                .map(Task::taskArn)
                .toList();
    }

    private String anyFamily() {
        return List.of("web", "worker", "api").get(random.nextInt(3));
    }

    private static Requirement[] needs(String family) {
        return new Requirement[] {
            Requirement.cpu(SIZES.get(family).get(0)),
            Requirement.memory(SIZES.get(family).get(1))
        };
    }

    private List<String> instances() {
        return simulator.truth().instances().stream()
                .map(ContainerInstance::containerInstanceArn)
                .toList();
    }

    private String anyInstance() {
        List<String> all = instances();
        return all.get(random.nextInt(all.size()));
    }

    @Override
    public void close() {
        view.close(Duration.ZERO);
        ecs.close();
        simulator.close();
    }

    /** A host that is ready. */
    private static final class ReadyHost implements ViewHost {

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean isOver() {
            return false;
        }

        @Override
        public NotReadyException notReady() {
            return new NotReadyException("over", null);
        }

        @Override
        public String waitsFor() {
            return "nothing";
        }

        @Override
        public Freshness freshness() {
            return Freshness.NONE;
        }
    }
}
