package io.clusterstate.memory.junit;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Is given the same fake wherever it asks. */
@ExtendWith(FakeClusterStateExtension.class)
class AskingOnTrial {

    static final Set<FakeClusterState> GIVEN = new HashSet<>();

    private final FakeClusterState ofConstructor;
    private ClusterStateView ofBeforeEach;

    AskingOnTrial(FakeClusterState fake) {
        this.ofConstructor = fake;
    }

    @BeforeEach
    void ask(ClusterStateView view) {
        ofBeforeEach = view;
    }

    @Test
    void first(FakeClusterState fake) {
        assertIsOne(fake);
    }

    @Test
    void second(FakeClusterState fake) {
        assertIsOne(fake);
    }

    private void assertIsOne(FakeClusterState fake) {
        assertSame(ofConstructor, fake);
        assertSame(ofBeforeEach, fake.view());
        assertTrue(GIVEN.add(fake));
    }

    @AfterEach
    void isStillOpen(FakeClusterState fake) {
        assertTrue(fake.view().isReady());
    }
}
