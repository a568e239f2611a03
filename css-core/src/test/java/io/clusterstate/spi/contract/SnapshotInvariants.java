package io.clusterstate.spi.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.spi.ChangeJournal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The invariants of every snapshot: each query returns what a walk over all entities would return. */
public final class SnapshotInvariants {

    private SnapshotInvariants() {}

    /** A step of a query, and the keys by which it must find an entity. */
    private record Step<T, Q>(String name, Function<T, Stream<String>> keys, BiFunction<Q, String, Q> narrow) {}

    /**
     * Checks a snapshot.
     *
     * @param snapshot any snapshot
     * @throws AssertionError if a query to it returns other entities than a walk
     */
    public static void check(Snapshot snapshot) {
        check(
                snapshot,
                EntityKind.TASK,
                snapshot.tasks(),
                List.of(
                        step("status", Task::lastStatus, (all, key) -> all.status(key)),
                        step("desiredStatus", Task::desiredStatus, (all, key) -> all.desiredStatus(key)),
                        step("group", Task::group, (all, key) -> all.group(key)),
                        step("startedBy", Task::startedBy, (all, key) -> all.startedBy(key)),
                        step("launchType", Task::launchTypeAsString, (all, key) -> all.launchType(key)),
                        step("instance", Task::containerInstanceArn, (all, key) -> all.onInstance(key)),
                        step("definition", Task::taskDefinitionArn, (all, key) -> all.taskDefinition(key)),
                        step("family", task -> family(task.taskDefinitionArn()), (all, key) -> all.family(key))));
        check(
                snapshot,
                EntityKind.INSTANCE,
                snapshot.instances(),
                List.of(
                        step("status", ContainerInstance::status, (all, key) -> all.status(key)),
                        step("ec2", ContainerInstance::ec2InstanceId, (all, key) -> all.ec2Instance(key)),
                        step(
                                "agent",
                                instance -> String.valueOf(instance.agentConnected()),
                                (all, key) -> all.agentConnected(Boolean.parseBoolean(key))),
                        new Step<>(
                                "attribute",
                                instance -> instance.attributes().stream().map(Attribute::name),
                                (all, key) -> all.attribute(key))));
        check(
                snapshot,
                EntityKind.SERVICE,
                snapshot.services(),
                List.of(
                        step("name", Service::serviceName, (all, key) -> all.named(key)),
                        step("status", Service::status, (all, key) -> all.status(key)),
                        step("launchType", Service::launchTypeAsString, (all, key) -> all.launchType(key)),
                        step("family", service -> family(service.taskDefinition()), (all, key) -> all.family(key))));
        check(
                snapshot,
                EntityKind.CLUSTER,
                snapshot.clusters(),
                List.of(step("status", Cluster::status, (all, key) -> all.status(key))));
        check(
                snapshot,
                EntityKind.TASK_DEFINITION,
                snapshot.definitions(),
                List.of(
                        step("family", TaskDefinition::family, (all, key) -> all.family(key)),
                        step("status", TaskDefinition::statusAsString, (all, key) -> all.status(key))));
    }

    /**
     * Checks the last snapshot of a journal, and that each lookup in the journal finds what the snapshot holds.
     *
     * @param journal the journal of a store that nobody writes to meanwhile
     * @throws AssertionError if a query or a lookup finds something else
     */
    public static void check(ChangeJournal journal) {
        check(journal.snapshot());
        EntityKind.all().forEach(kind -> checkLookups(journal, kind));
    }

    private static <T> void checkLookups(ChangeJournal journal, EntityKind<T> kind) {
        Snapshot snapshot = journal.snapshot();
        Stream<String> held = snapshot.query(kind).observed().map(Observed::arn);
        Stream<String> changed = Stream.iterate(
                        journal.next(journal.oldest()),
                        Optional::isPresent,
                        each -> journal.next(each.orElseThrow().after().revision()))
                .flatMap(each -> each.orElseThrow().changes().stream())
                .map(each -> each.change().arn());
        Stream.concat(held, changed)
                .distinct()
                .forEach(arn ->
                        assertEquals(snapshot.observed(kind, arn).map(Observed::value), journal.find(kind, arn), arn));
    }

    private static <T, Q extends Query<T, Q>> void check(
            Snapshot snapshot, EntityKind<T> kind, Q all, List<Step<T, Q>> steps) {
        List<Observed<T>> rows = all.observed().toList();
        assertEquals(rows.size(), all.count());
        assertEquals(rows.size(), arns(rows.stream()).size());
        for (Observed<T> row : rows) {
            assertEquals(row.arn(), kind.arnOf(row.value()));
            assertEquals(
                    row.value(),
                    snapshot.observed(kind, row.arn()).orElseThrow().value());
            assertTrue(row.revision() > 0 && row.revision() <= snapshot.revision(), () -> row + " in " + snapshot);
        }

        grouped(rows, row -> Stream.of(row.clusterArn())).forEach((cluster, arns) -> {
            assertFinds(arns, all.in(cluster), cluster);
            assertEquals(arns.size(), all.in(cluster).count());
        });
        grouped(rows, row -> Stream.of(EcsArn.nameOf(row.clusterArn())))
                .forEach((name, arns) -> assertFinds(arns, all.in(name), name));
        for (Step<T, Q> step : steps) {
            grouped(rows, row -> step.keys().apply(row.value())).forEach((key, arns) -> {
                Q question = step.narrow().apply(all, key);
                assertFinds(arns, question, step.name() + " " + key);
                assertEquals(arns.size(), question.count(), () -> step.name() + " " + key);
            });
        }
    }

    private static <T, Q extends Query<T, Q>> void assertFinds(Set<String> arns, Q question, String name) {
        assertEquals(arns, arns(question.observed()), name);
    }

    private static <T> Map<String, Set<String>> grouped(
            List<Observed<T>> rows, Function<Observed<T>, Stream<String>> keys) {
        Map<String, Set<String>> grouped = new TreeMap<>();
        for (Observed<T> row : rows) {
            keys.apply(row).forEach(key -> grouped.computeIfAbsent(key, k -> new TreeSet<>())
                    .add(row.arn()));
        }
        return grouped;
    }

    private static <T> Set<String> arns(Stream<Observed<T>> rows) {
        return rows.map(Observed::arn).collect(Collectors.toCollection(TreeSet::new));
    }

    private static <T, Q> Step<T, Q> step(String name, Function<T, String> key, BiFunction<Q, String, Q> narrow) {
        return new Step<>(name, value -> Stream.ofNullable(key.apply(value)), narrow);
    }

    private static String family(String taskDefinition) {
        return taskDefinition == null
                ? null
                : taskDefinition.replaceFirst(".*/", "").replaceFirst(":\\d+$", "");
    }
}
