package io.clusterstate.internal.shape;

import static io.clusterstate.testing.InstanceParts.attribute;
import static io.clusterstate.testing.InstanceParts.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.testing.RandomEntities;
import io.clusterstate.testing.Seeds;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

class ValuePoolTest {

    private static final PojoShape ATTRIBUTE = PojoShape.of(Attribute::builder);

    @Test
    void equalSmallValuesBecomeOne() {
        ValuePool pool = new ValuePool(16);

        Object first = share(pool, attribute("a", "1"));

        assertSame(first, share(pool, attribute("a", "1")));
        assertEquals(attribute("a", "1"), first);
    }

    @Test
    void aPoolThatIsFarTooSmallStillGivesEveryValue() {
        ValuePool pool = new ValuePool(1);

        for (SdkPojo value : List.of(attribute("a", "1"), number("CPU", 1), attribute("a", "2"), attribute("a", "1"))) {
            assertEquals(value, share(pool, value));
        }
    }

    @Test
    void theOrderOfTheMembersDoesNotMatterAndTheLastOfDoubledOnesCounts() {
        Draft first = ATTRIBUTE.newDraft();
        first.set(ATTRIBUTE.member("name"), "order");
        first.set(ATTRIBUTE.member("value"), "1");
        Draft second = ATTRIBUTE.newDraft();
        second.set(ATTRIBUTE.member("value"), "2");
        second.set(ATTRIBUTE.member("value"), "1");
        second.set(ATTRIBUTE.member("name"), "order");

        Object value = first.build();

        assertEquals(attribute("order", "1"), value);
        assertSame(value, second.build());
    }

    @Test
    void membersOfOneValueInOtherPlacesMakeAnotherValue() {
        Draft draft = ATTRIBUTE.newDraft();
        draft.set(ATTRIBUTE.member("value"), "a");
        draft.set(ATTRIBUTE.member("name"), "1");

        assertEquals(attribute("1", "a"), draft.build());
        assertEquals(
                attribute("a", "1"),
                Canonical.of(Task.class, taskWith(attribute("a", "1")))
                        .attributes()
                        .get(0));
    }

    @Test
    void anEmptyListIsNotAnUnsetOne() {
        ValuePool pool = new ValuePool(1);
        PojoShape shape = PojoShape.of(TaskOverride::builder);
        PojoShape.Member list = shape.member("containerOverrides");
        @Nullable Object[] members = new Object[shape.members().size()];

        Object unset = pool.share(shape, members.clone());
        members[list.index()] = List.of();
        Object empty = pool.share(shape, members);

        assertEquals(TaskOverride.builder().build(), unset);
        assertEquals(TaskOverride.builder().containerOverrides(List.of()).build(), empty);
        assertNull(list.get((SdkPojo) unset));
        assertEquals(List.of(), list.get((SdkPojo) empty));
    }

    @Test
    void whatDoesNotRecurIsNotKept() {
        PojoShape shape = PojoShape.of(Container::builder);
        Draft first = shape.newDraft();
        Draft second = shape.newDraft();
        first.set(shape.member("name"), "web");
        second.set(shape.member("name"), "web");

        Object value = first.build();

        assertEquals(Container.builder().name("web").build(), value);
        assertEquals(value, second.build());
        assertNotSame(value, second.build());
    }

    @Test
    void everyTaskIsBuiltAsTheSdkBuildsIt() {
        Seeds.forEach(200, random -> {
            RandomEntities entities = RandomEntities.withoutEmpties(random);
            Task task = entities.task();

            assertEquals(task, Canonical.of(Task.class, task));
        });
    }

    private static Task taskWith(Attribute attribute) {
        return Task.builder().attributes(attribute).build();
    }

    private static Object share(ValuePool pool, SdkPojo value) {
        PojoShape shape = value instanceof Attribute ? ATTRIBUTE : PojoShape.of(Resource::builder);
        return pool.share(
                shape, shape.members().stream().map(member -> member.get(value)).toArray());
    }
}
