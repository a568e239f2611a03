package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** The newest past events, as an EventBridge archive keeps them, and some from before the simulation. */
final class Archive {
    private static final int KEPT = 2_000;

    private final Ring all = new Ring();
    private final Ring alive = new Ring();
    private final Ring before = new Ring();

    /** Keeps an event from before the simulation, by which a task of the initial world began to run. */
    void keepOfBefore(EcsEvent event) {
        before.add(event);
        alive.add(event);
    }

    void keep(EcsEvent event) {
        all.add(event);
        if (isOfSomethingAlive(event)) {
            alive.add(event);
        }
    }

    /** A random event of the simulation; empty while there is none. */
    Optional<EcsEvent> any(Randomness random) {
        return all.any(random);
    }

    /** A random event from before the simulation; empty if there is none. */
    Optional<EcsEvent> anyOfBefore(Randomness random) {
        return before.any(random);
    }

    /** A random event with a RUNNING task or an ACTIVE container instance; empty while there is none. */
    Optional<EcsEvent> anyAlive(Randomness random) {
        return alive.any(random);
    }

    /** A random event with a RUNNING task or an ACTIVE instance that is no longer known; empty if there is none. */
    Optional<EcsEvent> anyAliveThen(Predicate<String> isKnown, Randomness random) {
        return alive.any(random, event -> !isKnown.test(event.resource()));
    }

    private static boolean isOfSomethingAlive(EcsEvent event) {
        if (event.entity() instanceof Task task) {
            return Status.RUNNING.equals(task.lastStatus()) && Status.RUNNING.equals(task.desiredStatus());
        }
        return event.entity() instanceof ContainerInstance instance && Status.ACTIVE.equals(instance.status());
    }

    /** A ring of {@value #KEPT} events: a new event replaces the oldest. */
    private static final class Ring {
        private final List<EcsEvent> events = new ArrayList<>();
        private int next;

        void add(EcsEvent event) {
            if (events.size() < KEPT) {
                events.add(event);
            } else {
                events.set(next, event);
                next = (next + 1) % KEPT;
            }
        }

        Optional<EcsEvent> any(Randomness random) {
            return events.isEmpty() ? Optional.empty() : Optional.of(random.oneOf(events));
        }

        /** The first matching event, counted from a random place. */
        Optional<EcsEvent> any(Randomness random, Predicate<EcsEvent> matching) {
            int start = events.isEmpty() ? 0 : random.below(events.size());
            for (int i = 0; i < events.size(); i++) {
                var event = events.get((start + i) % events.size());
                if (matching.test(event)) {
                    return Optional.of(event);
                }
            }
            return Optional.empty();
        }
    }
}
