package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

class IndexKeyTest {

    private static final IndexField<Task> FIELD = IndexField.of("Aa", Task::group);
    private static final IndexField<Task> OTHER = IndexField.of("BB", Task::group);

    @Test
    void keysOfTheSamePartsAreEqual() {
        IndexKey key = new IndexKey("prod", FIELD, "web");

        assertEquals(key, new IndexKey("prod", FIELD, "web"));
        assertEquals(key.hashCode(), new IndexKey("prod", FIELD, "web").hashCode());
        assertNotEquals(key, "prod");
    }

    /** {@code Aa} and {@code BB} have the same hash. */
    @Test
    void keysOfOneHashAreToldApartByEveryPart() {
        IndexKey key = new IndexKey("Aa", FIELD, "Aa");

        for (IndexKey other : new IndexKey[] {
            new IndexKey("BB", FIELD, "Aa"), new IndexKey("Aa", OTHER, "Aa"), new IndexKey("Aa", FIELD, "BB")
        }) {
            assertEquals(key.hashCode(), other.hashCode());
            assertNotEquals(key, other);
        }
    }
}
