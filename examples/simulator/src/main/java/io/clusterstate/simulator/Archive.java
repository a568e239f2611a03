package io.clusterstate.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** The newest events of the past, as an EventBridge archive keeps them; also some of before the simulation. */
final class Archive {
    private static final int KEPT = 2_000;

    private final Ring all = new Ring();
    private final Ring alive = new Ring();
    private final Ring before = new Ring();

    /** Keeps an event of before the simulation, by which a task began to run that is still there at its beginning. */
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

    /** Any event of the simulation; empty while there is none. */
    Optional<EcsEvent> any(Randomness random) {
        return all.any(random);
    }

    /** Any event of before the simulation; empty if there is none. */
    Optional<EcsEvent> anyOfBefore(Randomness random) {
        return before.any(random);
    }

    /** Any event that shows a task RUNNING or a container instance ACTIVE; empty while there is none. */
    Optional<EcsEvent> anyAlive(Randomness random) {
        return alive.any(random);
    }

    /** An event that shows a task RUNNING or an instance ACTIVE that is no longer known; empty if there is none. */
    Optional<EcsEvent> anyAliveThen(Predicate<String> isKnown, Randomness random) {
        return alive.any(random, event -> !isKnown.test(event.resource()));
    }

    private static boolean isOfSomethingAlive(EcsEvent event) {
        if (event.entity() instanceof Task task) {
            return Status.RUNNING.equals(task.lastStatus()) && Status.RUNNING.equals(task.desiredStatus());
        }
        return event.entity() instanceof ContainerInstance instance && Status.ACTIVE.equals(instance.status());
    }

    /** So many events, the oldest of which makes room for the next. */
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

        /** The first that matches, from a place of chance on. */
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
