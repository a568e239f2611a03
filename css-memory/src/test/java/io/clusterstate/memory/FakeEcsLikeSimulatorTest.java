package io.clusterstate.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.ecs.Capacity;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.Soak;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Random calls have equal outcomes in the fake ECS and in the simulator, which was written apart from it and is reached
 * by the real client. Compared are the view of the fake and the answers of the simulator, task by task and instance by
 * instance in the order of their creation. Left out is what ECS does not define or the two do not share: ids, times,
 * network details, ports that are assigned at the start, an instance's version, and the instance that RunTask picks.
 */
@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class FakeEcsLikeSimulatorTest {

    private static final List<RegisterTaskDefinitionRequest> DEFINITIONS = List.of(
            RegisterTaskDefinitionRequest.builder()
                    .family("small")
                    .networkMode("bridge")
                    .containerDefinitions(
                            container -> container.name("a").image("a").cpu(200).memory(300), container -> container
                                    .name("b")
                                    .image("b")
                                    .cpu(56)
                                    .memory(500)
                                    .memoryReservation(212))
                    .build(),
            RegisterTaskDefinitionRequest.builder()
                    .family("fixed")
                    .networkMode("bridge")
                    .containerDefinitions(container -> container
                            .name("a")
                            .image("a")
                            .cpu(64)
                            .memory(128)
                            .portMappings(port -> port.containerPort(80).hostPort(8080)))
                    .build(),
            RegisterTaskDefinitionRequest.builder()
                    .family("gpu")
                    .networkMode("bridge")
                    .containerDefinitions(container -> container
                            .name("a")
                            .image("a")
                            .cpu(64)
                            .memory(128)
                            .resourceRequirements(each -> each.type("GPU").value("1")))
                    .build(),
            RegisterTaskDefinitionRequest.builder()
                    .family("own")
                    .networkMode("awsvpc")
                    .requiresCompatibilitiesWithStrings("EC2", "FARGATE")
                    .cpu("256")
                    .memory("512")
                    .containerDefinitions(container -> container.name("a").image("a"))
                    .build(),
            RegisterTaskDefinitionRequest.builder()
                    .family("huge")
                    .networkMode("bridge")
                    .containerDefinitions(
                            container -> container.name("a").image("a").cpu(64).memory(1_000_000))
                    .build());

    private static final List<String> STARTABLE = List.of("small", "small", "fixed", "gpu", "own");
    private static final int INSTANCES = 3;

    /** One of the two, with its entities by the order of creation. */
    private abstract static class Side {
        final EcsClient client;
        final String cluster;
        final List<String> tasks = new ArrayList<>();
        final List<String> instances = new ArrayList<>();

        Side(EcsClient client, String cluster) {
            this.client = client;
            this.cluster = cluster;
        }

        abstract void settle();

        /** The tasks with their tags, in the order of their creation. */
        abstract List<Task> tasks();

        abstract List<ContainerInstance> instances();

        /** The outcome of a call in words, without ids and times. */
        final String call(Function<Side, String> call) {
            try {
                return call.apply(this);
            } catch (EcsException e) {
                return e.awsErrorDetails().errorCode();
            }
        }

        final String state() {
            StringBuilder state = new StringBuilder();
            tasks().forEach(task -> state.append(inWords(task)).append('\n'));
            instances().forEach(instance -> state.append(inWords(instance)).append('\n'));
            return state.toString();
        }

        final String started(List<Task> started, List<Failure> failures) {
            started.stream().map(Task::taskArn).forEach(tasks::add);
            return started.stream().map(this::inWords).toList() + " " + failures(failures);
        }

        final String failures(List<Failure> failures) {
            return failures.stream()
                    .map(each -> instances.indexOf(each.arn()) + " " + each.reason())
                    .toList()
                    .toString();
        }

        final String inWords(Task task) {
            return String.join(
                    " ",
                    "v" + task.version(),
                    task.lastStatus(),
                    task.desiredStatus(),
                    "on " + instances.indexOf(task.containerInstanceArn()),
                    task.launchTypeAsString(),
                    task.group(),
                    task.startedBy(),
                    task.cpu(),
                    task.memory(),
                    task.stopCodeAsString(),
                    task.stoppedReason(),
                    "started " + (task.startedAt() != null) + ", stopped " + (task.stoppedAt() != null),
                    task.containers().stream().map(Side::inWords).toList().toString(),
                    task.tags().toString());
        }

        private static String inWords(Container container) {
            return container.name() + " " + container.lastStatus() + " " + container.exitCode();
        }

        private static String inWords(ContainerInstance instance) {
            Capacity left = Capacity.remaining(instance);
            TreeSet<String> fixed = new TreeSet<>(left.takenPorts());
            fixed.removeIf(port -> Integer.parseInt(port) >= 32_768);
            return String.join(
                    " ",
                    instance.status(),
                    Objects.toString(instance.agentConnected()),
                    "cpu " + left.cpu() + ", memory " + left.memory() + ", gpus "
                            + left.gpus().size() + ", ports " + fixed,
                    "running " + instance.runningTasksCount() + ", pending " + instance.pendingTasksCount());
        }
    }

    private static final class Fake extends Side {
        private final FakeClusterState fake;

        Fake(FakeClusterState fake) {
            super(fake.ecs().client(), "default");
            this.fake = fake;
            for (int i = 0; i < INSTANCES; i++) {
                ContainerInstance instance = FakeInstance.instance("box-" + i)
                        .with(each -> each.registeredResources(resources()).remainingResources(resources()))
                        .build();
                instances.add(fake.put(instance, cluster).containerInstanceArn());
            }
        }

        @Override
        void settle() {
            fake.ecs().settle();
        }

        @Override
        List<Task> tasks() {
            return tasks.stream()
                    .map(arn -> fake.view().task(arn).orElseThrow())
                    .toList();
        }

        @Override
        List<ContainerInstance> instances() {
            return instances.stream()
                    .map(arn -> fake.view().instance(arn).orElseThrow())
                    .toList();
        }
    }

    private static final class Simulated extends Side {
        private final Simulator simulator;
        private final TestTime time;

        Simulated(SimulatorFixture ecs, TestTime time, String cluster) {
            super(ecs.ecs(), cluster);
            this.simulator = ecs.simulator();
            this.time = time;
            client.createCluster(request -> request.clusterName(cluster));
            for (int i = 0; i < INSTANCES; i++) {
                instances.add(client.registerContainerInstance(
                                request -> request.cluster(cluster).totalResources(resources()))
                        .containerInstance()
                        .containerInstanceArn());
            }
        }

        @Override
        void settle() {
            for (int i = 0; i < 20; i++) {
                time.advance(Duration.ofSeconds(1));
                simulator.tick();
            }
        }

        @Override
        List<Task> tasks() {
            List<Task> described = new ArrayList<>();
            for (int from = 0; from < tasks.size(); from += 100) {
                List<String> some = tasks.subList(from, Math.min(tasks.size(), from + 100));
                described.addAll(client.describeTasks(
                                request -> request.cluster(cluster).tasks(some).includeWithStrings("TAGS"))
                        .tasks());
            }
            return described;
        }

        @Override
        List<ContainerInstance> instances() {
            return client.describeContainerInstances(
                            request -> request.cluster(cluster).containerInstances(instances))
                    .containerInstances();
        }
    }

    @Test
    void randomCallsHaveEqualOutcomes() {
        int calls = Soak.size("calls of each history", 25, 50);
        TestTime time = new TestTime();
        try (SimulatorFixture simulated = new SimulatorFixture(Simulator.builder()
                .clusters(1)
                .tasks(0)
                .instancesPerCluster(0)
                .clock(time)
                .timePerStatus(Duration.ofMillis(500)))) {
            DEFINITIONS.forEach(simulated.ecs()::registerTaskDefinition);
            int[] histories = {0};
            Seeds.forEach(Soak.size("histories", 8, 16), random -> {
                FakeClusterState fake = new FakeClusterState();
                DEFINITIONS.forEach(fake.ecs().client()::registerTaskDefinition);
                compare(random, calls, new Fake(fake), new Simulated(simulated, time, "history-" + histories[0]++));
            });
        }
    }

    private static void compare(Random random, int calls, Side fake, Side simulated) {
        List<String> history = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            Function<Side, String> call = randomCall(random, fake.tasks.size(), history);
            assertEquals(simulated.call(call), fake.call(call), () -> "outcome of " + history);
            assertEquals(simulated.state(), fake.state(), () -> "state after " + history);
        }
    }

    private static Function<Side, String> randomCall(Random random, int tasks, List<String> history) {
        int task = tasks == 0 ? 0 : random.nextInt(tasks);
        int instance = random.nextInt(INSTANCES);
        int kind = random.nextInt(tasks == 0 ? 5 : 10);
        String family = STARTABLE.get(random.nextInt(STARTABLE.size()));
        history.add(kind + " " + family + " task " + task + " instance " + instance);
        return switch (kind) {
            case 0, 1, 2 -> side -> start(side, family, instance, task);
            case 3 -> FakeEcsLikeSimulatorTest::runOnFargate;
            case 4 -> random.nextBoolean() ? FakeEcsLikeSimulatorTest::runHuge : mistake(random.nextInt(5));
            case 5 -> side -> setStatus(side, instance, random(task));
            case 6, 7 -> side -> stop(side, task);
            default ->
                side -> {
                    side.settle();
                    return "settled";
                };
        };
    }

    private static String random(int number) {
        return number % 2 == 0 ? "ACTIVE" : "DRAINING";
    }

    private static String start(Side side, String family, int instance, int mark) {
        StartTaskResponse response = side.client.startTask(request -> request.cluster(side.cluster)
                .taskDefinition(family)
                .startedBy("mark-" + mark)
                .tags(tag -> tag.key("mark").value("" + mark))
                .containerInstances(side.instances.get(instance), "gone", side.instances.get(0)));
        return side.started(response.tasks(), response.failures());
    }

    private static String runOnFargate(Side side) {
        RunTaskResponse response = side.client.runTask(request -> request.cluster(side.cluster)
                .taskDefinition("own")
                .count(2)
                .group("batch")
                .launchType("FARGATE")
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1"))));
        return side.started(response.tasks(), response.failures());
    }

    private static String runHuge(Side side) {
        RunTaskResponse response =
                side.client.runTask(request -> request.cluster(side.cluster).taskDefinition("huge"));
        return side.started(response.tasks(), response.failures());
    }

    private static String stop(Side side, int task) {
        Task stopped = side.client
                .stopTask(request ->
                        request.cluster(side.cluster).task(side.tasks.get(task)).reason("enough"))
                .task();
        return side.inWords(stopped.copy(each -> each.tags(List.of())));
    }

    private static String setStatus(Side side, int instance, String status) {
        return side.failures(side.client
                .updateContainerInstancesState(request -> request.cluster(side.cluster)
                        .containerInstances(side.instances.get(instance), "gone")
                        .status(status))
                .failures());
    }

    /** Calls that ECS refuses as a whole. */
    private static Function<Side, String> mistake(int number) {
        return side -> switch (number) {
            case 0 -> side.client.listTasks(request -> request.cluster("gone")).toString();
            case 1 ->
                side.client
                        .runTask(request -> request.cluster(side.cluster).taskDefinition("gone"))
                        .toString();
            case 2 ->
                side.client
                        .runTask(request -> request.cluster(side.cluster)
                                .taskDefinition("small")
                                .count(11))
                        .toString();
            case 3 ->
                side.client
                        .stopTask(request -> request.cluster(side.cluster).task("gone"))
                        .toString();
            default ->
                side.client
                        .listTasks(request ->
                                request.cluster(side.cluster).startedBy("me").family("small"))
                        .toString();
        };
    }

    private static List<Resource> resources() {
        return List.of(
                number("CPU", 1024),
                number("MEMORY", 2048),
                set("PORTS", "22", "2375"),
                set("PORTS_UDP"),
                set("GPU", "gpu-1", "gpu-2"));
    }

    private static Resource number(String name, int amount) {
        return Resource.builder()
                .name(name)
                .type("INTEGER")
                .integerValue(amount)
                .build();
    }

    private static Resource set(String name, String... members) {
        return Resource.builder()
                .name(name)
                .type("STRINGSET")
                .stringSetValue(members)
                .build();
    }
}
