package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.internal.shape.ValueShape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of event members agrees with the payloads, which leave out only unset members. */
class EventMembersTest {

    private static final Map<String, Map<?, ?>> TASKS = EventEvidence.details(EntityKind.TASK);
    private static final Map<String, Map<?, ?>> INSTANCES = EventEvidence.details(EntityKind.INSTANCE);

    /** In these, a member that no payload carries may all the same be carried; they are taken as one value. */
    private static final Set<String> WHOLE = Set.of(
            "Attachment", "Attribute", "EphemeralStorage", "KeyValuePair", "NetworkBinding", "Resource", "VersionInfo");

    @Test
    void thereIsEvidence() {
        assertTrue(TASKS.size() >= 35, "payloads of tasks: " + TASKS.size());
        assertTrue(INSTANCES.size() >= 2, "payloads of instances: " + INSTANCES.size());
    }

    @Test
    void aTaskAndItsPartsHaveInEventsWhatSomePayloadCarries() {
        Map<String, Set<String>> names = EventEvidence.names(EntityKind.TASK, TASKS.values());
        Map<String, PojoShape> shapes = shapesIn(EntityKind.TASK);

        Set<String> whole = new TreeSet<>();
        names.forEach((type, carried) -> {
            PojoShape shape = shapes.get(type);
            if (shape.isPartOnlyInEvents()) {
                assertEquals(members(shape, carried), membersInEvents(shape), type);
            } else {
                whole.add(type);
            }
        });

        assertTrue(WHOLE.containsAll(whole), "taken as one value: " + whole);
    }

    /** Of instances, no two payloads are of one: a member that some leave out is not shown to be unset then. */
    @Test
    void anInstanceHasInEventsWhatEveryPayloadCarries() {
        PojoShape shape = PojoShape.ofEntity(EntityKind.INSTANCE.type());

        assertEquals(
                members(
                        shape,
                        EventEvidence.namesOfAll(EntityKind.INSTANCE, INSTANCES.values())
                                .get("ContainerInstance")),
                membersInEvents(shape));

        Set<String> nested = new TreeSet<>(
                EventEvidence.names(EntityKind.INSTANCE, INSTANCES.values()).keySet());
        nested.remove("ContainerInstance");
        assertTrue(WHOLE.containsAll(nested), "taken as one value: " + nested);
    }

    @Test
    void theTimeOfRegistrationIsInThatEventAndNotInLaterOnes() {
        assertTrue(INSTANCES
                .get("instance/microtrader-2017-active-v2-just-registered.json")
                .containsKey("registeredAt"));
        assertFalse(INSTANCES.get("instance/awsdoc-2016-active-short-arn.json").containsKey("registeredAt"));
    }

    /** So an event of a task that leaves out a member, which other events carry, says that it is unset. */
    @Test
    void noEventOfATaskLeavesOutWhatAnEarlierOneOfThatTaskCarried() {
        Map<Object, List<Map<?, ?>>> byTask = new LinkedHashMap<>();
        TASKS.forEach((path, detail) -> byTask.computeIfAbsent(detail.get("taskArn"), arn -> new ArrayList<>())
                .add(detail));

        int pairs = 0;
        for (List<Map<?, ?>> history : byTask.values()) {
            history.sort(Comparator.comparingLong(detail -> ((Number) detail.get("version")).longValue()));
            for (int i = 1; i < history.size(); i++) {
                Set<Object> left = new TreeSet<>(history.get(i - 1).keySet());
                left.removeAll(history.get(i).keySet());
                assertEquals(Set.of(), left, history.get(i).toString());
                pairs++;
            }
        }
        assertTrue(pairs >= 6, "pairs of events of one task: " + pairs);
    }

    private static Set<String> members(PojoShape shape, Set<String> names) {
        return names.stream()
                .filter(name -> shape.member(name) != null)
                .map(name -> shape.member(name).name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> membersInEvents(PojoShape shape) {
        return shape.members().stream()
                .filter(PojoShape.Member::isInEvents)
                .map(PojoShape.Member::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A kind's type and all types within. */
    private static Map<String, PojoShape> shapesIn(EntityKind<?> kind) {
        Map<String, PojoShape> shapes = new LinkedHashMap<>();
        add(shapes, PojoShape.ofEntity(kind.type()));
        return shapes;
    }

    private static void add(Map<String, PojoShape> shapes, PojoShape shape) {
        shapes.put(EventEvidence.nameOf(shape), shape);
        for (PojoShape.Member member : shape.members()) {
            ValueShape held = member.shape() instanceof ValueShape.Listing listing ? listing.element() : member.shape();
            if (held instanceof ValueShape.Pojo pojo) {
                add(shapes, pojo.shape());
            }
        }
    }
}
