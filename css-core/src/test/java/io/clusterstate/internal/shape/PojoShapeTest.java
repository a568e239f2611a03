package io.clusterstate.internal.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.Task;

class PojoShapeTest {

    @Test
    void aTypeHasOneShape() {
        assertSame(PojoShape.of(Task::builder), PojoShape.of(() -> Task.builder()));
    }

    @Test
    void anEntityHasTheShapeOfItsType() {
        assertSame(PojoShape.of(Task::builder), PojoShape.ofEntity(Task.class));
        assertSame(PojoShape.of(ContainerInstance::builder), PojoShape.ofEntity(ContainerInstance.class));
        IllegalArgumentException none =
                assertThrows(IllegalArgumentException.class, () -> PojoShape.ofEntity(Attachment.class));
        assertTrue(none.getMessage().startsWith("type: " + Attachment.class + " (expected: one of "), none::getMessage);
    }

    @Test
    void aMemberHasItsNameInTheApisJson() {
        PojoShape task = PojoShape.of(Task::builder);

        assertEquals("taskArn", task.member("taskArn").name());
        assertNull(task.member("TaskArn"));
        assertNull(task.member("updatedAt"));
    }

    @Test
    void theStatusOfAManagedAgentIsItsLastStatus() {
        PojoShape agent = PojoShape.of(ManagedAgent::builder);

        assertEquals("lastStatus", agent.member("status").name());
        assertEquals("status", agent.member("status").inJson().getValue());
    }

    @Test
    void theMemberThatFollowedLastIsExpectedNext() {
        PojoShape task = PojoShape.of(Task::builder);
        PojoShape.Member cpu = task.memberAfter(null, "cpu");

        PojoShape.Member memory = task.memberAfter(cpu, "memory");
        assertSame(cpu, task.expectedAfter(null));
        assertSame(memory, task.expectedAfter(cpu));

        assertNull(task.memberAfter(cpu, "updatedAt"));
        assertSame(memory, task.expectedAfter(cpu));

        PojoShape.Member group = task.memberAfter(cpu, "group");
        assertEquals("group", group.name());
        assertSame(group, task.expectedAfter(cpu));
    }

    @Test
    void theStatusOfAnAttachmentIsItsOwn() {
        PojoShape attachment = PojoShape.of(Attachment::builder);

        assertEquals("status", attachment.member("status").name());
    }

    /** The reader of events leaves other types unset: a new one in a later SDK has to be taught to it. */
    @Test
    void tasksAndInstancesAreMadeOfStringsMomentsAndFourSimpleTypes() {
        Set<MarshallingKnownType> simple = EnumSet.noneOf(MarshallingKnownType.class);

        collect(new ValueShape.Pojo(Task::builder), simple);
        collect(new ValueShape.Pojo(ContainerInstance::builder), simple);

        assertEquals(
                EnumSet.of(
                        MarshallingKnownType.INTEGER,
                        MarshallingKnownType.LONG,
                        MarshallingKnownType.DOUBLE,
                        MarshallingKnownType.BOOLEAN),
                simple);
    }

    private static void collect(ValueShape shape, Set<MarshallingKnownType> simple) {
        if (shape instanceof ValueShape.Simple other) {
            simple.add(other.type());
        } else if (shape instanceof ValueShape.Listing listing) {
            collect(listing.element(), simple);
        } else if (shape instanceof ValueShape.Mapping mapping) {
            collect(mapping.value(), simple);
        } else if (shape instanceof ValueShape.Pojo pojo) {
            pojo.shape().members().forEach(member -> collect(member.shape(), simple));
        }
    }
}
