package io.clusterstate.internal.shape;

import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.InstanceParts.attribute;
import static io.clusterstate.testing.InstanceParts.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

class ValuePoolTest {

    @Test
    void equalSmallValuesBecomeOne() {
        ValuePool pool = new ValuePool(16);

        Object first = pool.share(attribute("a", "1"));

        assertSame(first, pool.share(attribute("a", "1")));
        assertEquals(attribute("a", "1"), first);
    }

    @Test
    void whatDoesNotRecurIsNotKept() {
        ValuePool pool = new ValuePool(16);
        Task first = task("prod", "1");
        Task second = task("prod", "1");

        assertSame(first, pool.share(first));
        assertSame(second, pool.share(second));
    }

    @Test
    void aPoolThatIsFarTooSmallStillGivesEveryValue() {
        ValuePool pool = new ValuePool(1);

        for (Object value : List.of(attribute("a", "1"), number("CPU", 1), attribute("a", "2"), attribute("a", "1"))) {
            assertEquals(value, pool.share(value));
        }
    }
}
