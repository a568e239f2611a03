package io.clusterstate.memory.junit;

import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Has listeners that fail. */
@ExtendWith(FakeClusterStateExtension.class)
class FailingOnTrial {

    @BeforeEach
    void subscribe(ClusterStateView view) {
        view.subscribe(ChangeListener.builder()
                .tasks(tasks -> tasks.onAdded(task -> {
                    throw new IllegalStateException("boom");
                }))
                .build());
    }

    @Test
    void surfaces(FakeClusterState fake) {
        fake.put(task("a"));
    }

    @Test
    void isCaught(FakeClusterState fake) {
        assertThrows(AssertionError.class, () -> fake.put(task("a")));
    }

    @Test
    void isExpected(FakeClusterState fake) {
        fake.subscribers().expectFailures();
        fake.put(task("a"));
        assertEquals(1, fake.subscribers().failures().size());
    }
}
