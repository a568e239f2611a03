package io.clusterstate.memory;

import static io.clusterstate.spi.contract.SampleChanges.end;
import static io.clusterstate.spi.contract.SampleChanges.event;
import static io.clusterstate.spi.contract.SampleChanges.missing;
import static io.clusterstate.spi.contract.SampleChanges.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.ChangeJournal.Published;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.spi.contract.TestClock;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Rebuilt;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An {@code Error} at any point of a write, as when memory runs out: the snapshot is that before or that after, the
 * journal says the same, and the same call again brings the store to where one stands that was never disturbed.
 */
class BrokenOffWritesTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Logger CAFFEINE = Logger.getLogger("com.github.benmanes.caffeine");

    /** What is done to a store; the last of it asks what is still remembered. */
    private static final List<Step> HISTORY = List.of(
            apply(event("a", 1), event("b", 1), service("ACTIVE", 0)),
            apply(event("a", 2)),
            apply(gone("b", 1), event("c", 1)),
            apply(event("b", 1)),
            apply(gone("b", 3), gone("c", 1)),
            apply(event("b", 4)),
            apply(end(3, 0), event("d", 1), service("INACTIVE", 10)),
            apply(gone("d", 1)),
            turn(HOUR.minusSeconds(30)),
            turn(Duration.ofSeconds(60)),
            apply(event(2), end(3, 0), event("d", 1)),
            apply(service("ACTIVE", 20)),
            apply(service("INACTIVE", 4_000), end(5, 4_000)),
            apply(service("ACTIVE", 4_010)),
            apply(service("INACTIVE", 4_020), gone("a", 2)),
            turn(HOUR.multipliedBy(2)),
            apply(event("a", 2), event(4), service("ACTIVE", 4_015)),
            turn(DAY.plusMinutes(1)),
            apply(event("a", 2), event(4), service("ACTIVE", 4_015)));

    private Level before;

    @BeforeEach
    void keepCaffeineFromLoggingWhatIsMeant() {
        before = CAFFEINE.getLevel();
        CAFFEINE.setLevel(Level.OFF);
    }

    @AfterEach
    void letItLog() {
        CAFFEINE.setLevel(before);
    }

    @Test
    @Promise({3, 12})
    void anErrorWhereverTimeIsReadOrSomebodyIsToldIsMendedByTheSameCallAgain() {
        int errors = 0;
        for (int step = 0; step < HISTORY.size(); step++) {
            int point = 1;
            while (breakOff(step, point)) {
                point++;
                errors++;
            }
        }
        assertTrue(errors > 3 * HISTORY.size(), "errors: " + errors);
    }

    /**
     * Breaks off one step of the history, and compares with a store that is not disturbed; returns whether the trap
     * snapped.
     */
    private static boolean breakOff(int step, int point) {
        Trapped disturbed = new Trapped();
        Trapped other = new Trapped();
        for (int i = 0; i < step; i++) {
            HISTORY.get(i).run(disturbed);
            HISTORY.get(i).run(other);
        }
        Map<?, ?> before = entities(disturbed.store.snapshot());
        HISTORY.get(step).run(other);

        disturbed.trap.in(point);
        try {
            HISTORY.get(step).run(disturbed);
        } catch (OutOfMemoryError e) {
            assertEquals("by the test", e.getMessage());
        }
        boolean hasSnapped = disturbed.trap.off();

        String where = "step " + step + ", broken off at point " + point;
        Map<?, ?> half = entities(disturbed.store.snapshot());
        assertTrue(half.equals(before) || half.equals(entities(other.store.snapshot())), where);
        disturbed.assertJournalIsRight(where);
        HISTORY.get(step).again(disturbed);
        assertEquals(entities(other.store.snapshot()), entities(disturbed.store.snapshot()), where);
        for (int i = step + 1; i < HISTORY.size(); i++) {
            assertEquals(HISTORY.get(i).run(other), HISTORY.get(i).run(disturbed), where + ", then " + i);
            assertEquals(entities(other.store.snapshot()), entities(disturbed.store.snapshot()), where);
        }
        disturbed.assertJournalIsRight(where);
        return hasSnapped;
    }

    /**
     * An error at every line: the stack ends a given number of frames below the call. A stack that ends stops the same
     * code as a lack of memory does, and a test can place its end anywhere.
     */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a lock that is never released
    @Promise({3, 12})
    void anErrorAtAnyLineOfAChangeIsMendedByTheSameChangeAgain() throws InterruptedException {
        List<List<Change<?>>> changes =
                List.of(List.of(event("a", 3)), List.of(event("new", 1)), List.of(gone("a", 2)), List.of(end(3, 0)));
        int errors = 0;
        for (List<Change<?>> change : changes) {
            int unharmed = 0;
            for (int frames = 1; unharmed < 3 && frames < 2_000; frames++) {
                boolean hasFailed = runOutOfStack(change, frames);
                errors += hasFailed ? 1 : 0;
                unharmed = hasFailed ? 0 : unharmed + 1;
            }
            assertEquals(3, unharmed, "the change goes well where there are frames enough");
        }
        assertTrue(errors > 40, "errors: " + errors); // how many frames a change takes is the JVM's
    }

    private static boolean runOutOfStack(List<Change<?>> change, int frames) throws InterruptedException {
        Trapped right = new Trapped();
        right.store.apply(List.of(event("a", 2), event(2)));
        right.store.apply(change);
        MemoryStateStore store = new MemoryStateStore(HOUR, DAY, new TestClock());
        store.apply(List.of(event("a", 2), event(2)));
        AtBottom bottom = new AtBottom(() -> store.apply(change), frames);
        Thread thread = new Thread(null, bottom, "little stack", 256 * 1_024);
        thread.start();
        thread.join();

        String where = change + " with " + frames + " frames left";
        assertEquals(store.snapshot().revision(), store.journal().last().after().revision(), where);
        store.apply(change);
        assertEquals(entities(right.store.snapshot()), entities(store.snapshot()), where);
        assertTrue(store.apply(change).stream().noneMatch(each -> each.outcome().hasEffect()), where);
        assertEquals(
                right.store.apply(List.of(event("a", 2))).get(0).outcome(),
                store.apply(List.of(event("a", 2))).get(0).outcome(),
                where);
        assertJournalIsRight(store, where);
        return bottom.failure instanceof StackOverflowError;
    }

    /** Goes down to the stack's end, comes up again by some frames, and does something there. */
    private static final class AtBottom implements Runnable {

        private final Runnable action;
        private final int frames;
        private Throwable failure;

        AtBottom(Runnable action, int frames) {
            this.action = action;
            this.frames = frames;
        }

        @Override
        public void run() {
            down();
        }

        @SuppressWarnings("InfiniteRecursion") // until the stack ends
        private int down() {
            int up;
            try {
                up = down() + 1;
            } catch (StackOverflowError e) {
                up = 0;
            }
            if (up == frames) {
                try {
                    action.run();
                } catch (Throwable e) {
                    failure = e;
                }
            }
            return up;
        }
    }

    /** A store whose clock, ticker and hook can fail, and the time that all of them have. */
    private static final class Trapped {

        private final TestClock clock = new TestClock();
        private final Trap trap = new Trap();
        private final StateStore store;

        Trapped() {
            ChangeJournal journal = new ChangeJournal();
            journal.afterEach(trap::step);
            store = new MemoryStateStore(
                    HOUR,
                    DAY,
                    () -> {
                        trap.step();
                        return clock.instant();
                    },
                    journal,
                    () -> {
                        trap.step();
                        return Duration.between(Entities.NOW, clock.instant()).toNanos();
                    });
        }

        void assertJournalIsRight(String where) {
            BrokenOffWritesTest.assertJournalIsRight(store, where);
        }
    }

    /** Snaps at one step of many. */
    private static final class Trap {

        private int left;

        void in(int steps) {
            left = steps;
        }

        boolean off() {
            boolean hasSnapped = left == 0;
            left = 0;
            return hasSnapped;
        }

        void step() {
            if (left > 0) {
                left--;
                if (left == 0) {
                    throw new OutOfMemoryError("by the test");
                }
            }
        }
    }

    private interface Step {

        /** Does it, and says what can be seen of it. */
        Object run(Trapped store);

        /** Does it once more after it was broken off. */
        default void again(Trapped store) {
            run(store);
        }
    }

    private static Step apply(Change<?>... changes) {
        return store -> store.store.apply(List.of(changes)).stream()
                .map(Applied::outcome)
                .toList();
    }

    private static Step turn(Duration duration) {
        return new Step() {
            @Override
            public Object run(Trapped store) {
                store.clock.turn(duration);
                return store.store.expire().stream()
                        .map(each -> each.change().arn())
                        .sorted()
                        .toList();
            }

            @Override
            public void again(Trapped store) {
                store.store.expire();
            }
        };
    }

    private static Change<?> gone(String id, long version) {
        return missing(EntityKind.TASK, Entities.taskArn(SampleChanges.CLUSTER, id), version, 30);
    }

    /** What the journal has told from the beginning, entered into a map, is what the snapshot shows. */
    private static void assertJournalIsRight(StateStore store, String where) {
        Map<String, Observed<?>> told = new HashMap<>();
        Snapshot last = store.journal().at(0).orElseThrow().after();
        Optional<Published> next = store.journal().next(0);
        while (next.isPresent()) {
            for (Applied each : next.get().changes()) {
                if (each.after() == null) {
                    told.remove(each.change().arn());
                } else {
                    told.put(each.change().arn(), each.after());
                }
            }
            last = next.get().after();
            next = store.journal().next(last.revision());
        }
        assertEquals(store.snapshot().revision(), last.revision(), where);
        assertEquals(Rebuilt.entitiesOf(store.snapshot()), told, where);
    }

    /** By ARN, what is shown of each entity. */
    private static Map<String, List<Object>> entities(Snapshot snapshot) {
        Map<String, List<Object>> entities = new HashMap<>();
        Rebuilt.entitiesOf(snapshot)
                .forEach((arn, each) -> entities.put(arn, List.of(each.value(), each.revision(), each.origin())));
        return entities;
    }
}
