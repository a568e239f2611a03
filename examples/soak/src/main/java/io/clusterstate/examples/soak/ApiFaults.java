package io.clusterstate.examples.soak;

import static io.clusterstate.examples.soak.Account.pick;

import io.clusterstate.examples.soak.SoakFault.Ending;
import io.clusterstate.simulator.Faults;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** The faults of the simulated API and queue: outages, denials, and answers that fail, are lost, empty or unclear. */
final class ApiFaults {

    private static final List<String> LISTS =
            List.of("ListTasks", "ListServices", "ListContainerInstances", "ListClusters");
    private static final List<String> READS = List.of(
            "DescribeTasks",
            "ListTasks",
            "DescribeContainerInstances",
            "ListContainerInstances",
            "DescribeServices",
            "ListServices",
            "DescribeClusters",
            "ListClusters");
    private static final List<String> IN_CLUSTER = List.of(
            "DescribeTasks", "ListTasks", "DescribeContainerInstances", "ListContainerInstances", "DescribeServices");
    private static final int FAILING_CALLS = 4;
    private static final int UNCLEAR_ENTITIES = 5;
    private static final Duration DELAY = Duration.ofSeconds(2);

    private ApiFaults() {}

    static List<SoakFault> all() {
        return List.of(
                SoakFault.of("failed_calls", 0, 0, ApiFaults::failCalls),
                SoakFault.of("lost_calls", 0, 0, ApiFaults::loseCalls),
                SoakFault.of("empty_lists", 0, 0, ApiFaults::emptyLists),
                SoakFault.of("denial", 5, 12, ApiFaults::deny),
                SoakFault.of("unclear_answers", 5, 12, ApiFaults::answerUnclearly),
                SoakFault.of("failing_describes", 5, 12, ApiFaults::failDescribes),
                SoakFault.of("failing_starts", 8, 15, ApiFaults::failStarts),
                SoakFault.of("short_arns", 8, 15, ApiFaults::shortenArns),
                SoakFault.of("slow_answers", 4, 8, ApiFaults::slowAnswers),
                SoakFault.of("vanished_service", 0, 0, ApiFaults::vanishService),
                SoakFault.of("ecs_outage", 4, 10, ApiFaults::ecsOutage),
                SoakFault.of("sqs_outage", 4, 10, ApiFaults::sqsOutage));
    }

    private static Faults faults(World world, int where) {
        return world.account(where).simulator().faults();
    }

    private static Ending failCalls(World world, int where) {
        faults(world, where).failNext(pick(where / 2, READS), FAILING_CALLS);
        return Ending.NOTHING;
    }

    private static Ending loseCalls(World world, int where) {
        faults(world, where).loseCalls(pick(where / 2, READS), FAILING_CALLS);
        return Ending.NOTHING;
    }

    private static Ending emptyLists(World world, int where) {
        faults(world, where).emptyNext(pick(where / 2, LISTS), 1);
        return Ending.NOTHING;
    }

    private static Ending deny(World world, int where) {
        String cluster = world.account(where).cluster(where / 2);
        faults(world, where).failIn(cluster, pick(where / 3, IN_CLUSTER), "AccessDeniedException");
        return () -> faults(world, where).forgive(cluster);
    }

    private static Ending answerUnclearly(World world, int where) {
        List<String> some = world.account(where).truth().tasks().stream()
                .map(Task::taskArn)
                .limit(UNCLEAR_ENTITIES)
                .toList();
        some.forEach(arn -> faults(world, where).refuseAbout(arn, "ACCESS_DENIED"));
        return () -> some.forEach(faults(world, where)::forgive);
    }

    private static Ending failDescribes(World world, int where) {
        String arn = pick(where / 2, world.account(where).truth().tasks()).taskArn();
        faults(world, where).failAbout(arn, "ServerException");
        return () -> faults(world, where).forgive(arn);
    }

    private static Ending failStarts(World world, int where) {
        String definition = pick(where / 2, services(world, where)).taskDefinition();
        faults(world, where).failStarts(definition, "CannotPullContainerError: not found");
        return () -> faults(world, where).forgive(definition);
    }

    private static Ending shortenArns(World world, int where) {
        faults(world, where).shortFailureArns(true);
        return () -> faults(world, where).shortFailureArns(false);
    }

    private static Ending slowAnswers(World world, int where) {
        faults(world, where).delayResponses(DELAY);
        return () -> faults(world, where).delayResponses(Duration.ZERO);
    }

    private static Ending vanishService(World world, int where) {
        List<Service> services = services(world, where);
        if (services.size() > 2) { // so that there are always some
            world.account(where)
                    .simulator()
                    .vanishService(pick(where / 2, services).serviceArn());
        }
        return Ending.NOTHING;
    }

    private static List<Service> services(World world, int where) {
        return world.account(where).truth().services().stream()
                .filter(service -> service.status().equals("ACTIVE"))
                .toList();
    }

    private static Ending ecsOutage(World world, int where) {
        faults(world, where).ecsOutage(true);
        return () -> faults(world, where).ecsOutage(false);
    }

    private static Ending sqsOutage(World world, int where) {
        faults(world, where).sqsOutage(true);
        return () -> faults(world, where).sqsOutage(false);
    }
}
