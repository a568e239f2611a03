package io.clusterstate.spi.contract;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.StateStore;
import io.clusterstate.testing.Entities;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.ecs.model.Task;

/** The common part of the contract's chapters: a new store for each test, and a check of its indexes afterwards. */
abstract class StoreChapter {

    static final Duration KEEP_ENDED = Duration.ofHours(1);
    static final Duration KEEP_TOMBSTONES = Duration.ofHours(24);

    /** The longest delay of an end of retention. */
    static final Duration TOLERANCE = Duration.ofSeconds(5);

    /** The ARN of the task that most tests use. */
    static final String ARN = Entities.taskArn(SampleChanges.CLUSTER, SampleChanges.TASK_ID);

    final TestClock clock = new TestClock();
    final StoreFactory factory;
    StateStore store;

    StoreChapter(StoreFactory factory) {
        this.factory = factory;
    }

    @BeforeEach
    void openStore() {
        store = newStore();
    }

    @AfterEach
    void checkIndexesAndCloseStore() {
        SnapshotInvariants.check(store.journal());
        store.close();
    }

    StateStore newStore() {
        return factory.open(clock, KEEP_ENDED, KEEP_TOMBSTONES);
    }

    Applied apply(Change<?> change) {
        return applyAll(change).get(0);
    }

    /** Applies changes in one batch. */
    List<Applied> applyAll(Change<?>... changes) {
        return store.apply(List.of(changes));
    }

    static List<Outcome> outcomes(List<Applied> applied) {
        return applied.stream().map(Applied::outcome).toList();
    }

    /** The parts of an entity that tests compare; a store need not keep the object itself. */
    static List<Object> fieldsOf(Observed<?> observed) {
        return List.of(
                observed.kind(),
                observed.clusterArn(),
                observed.value(),
                observed.revision(),
                observed.origin(),
                observed.observedAt(),
                observed.describedAt());
    }

    /** That task, which must be present. */
    Observed<Task> task() {
        return find(EntityKind.TASK, ARN).orElseThrow(() -> new AssertionError(ARN + ": not shown"));
    }

    boolean isTaskShown() {
        return find(EntityKind.TASK, ARN).isPresent();
    }

    <T> Optional<Observed<T>> find(EntityKind<T> kind, String arn) {
        return store.snapshot().observed(kind, arn);
    }
}
