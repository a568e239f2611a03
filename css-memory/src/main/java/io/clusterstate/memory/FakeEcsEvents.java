package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of a fake ECS on their way to the view.
 *
 * <p>Thread: guarded by the lock of the fake.
 */
final class FakeEcsEvents {

    private final FakeWriter writer;
    private final FakeEcsState state;
    private final List<FakeEvent<?>> all = new ArrayList<>();
    private final List<FakeEvent<?>> held = new ArrayList<>();
    private boolean isHolding;

    FakeEcsEvents(FakeWriter writer, FakeEcsState state) {
        this.writer = writer;
        this.state = state;
    }

    void add(FakeEvent<?> event) {
        all.add(event);
        held.add(event);
    }

    void hold(boolean holding) {
        isHolding = holding;
    }

    /** Delivers what waits, unless events are held. */
    void flush() {
        if (!isHolding) {
            deliverHeld();
        }
    }

    void deliverHeld() {
        while (!held.isEmpty()) {
            deliver(held.get(0));
        }
    }

    void dropHeld() {
        held.clear();
    }

    List<FakeEvent<?>> held() {
        return List.copyOf(held);
    }

    List<FakeEvent<?>> all() {
        return List.copyOf(all);
    }

    /**
     * Delivers an event. The newest one of its entity shows the fields that only the API reports too, as a mirror that
     * has described the entity does. A service has no version; its event leads to a describe of the present state.
     */
    <T> Outcome deliver(FakeEvent<T> event) {
        held.remove(event);
        Optional<T> now = state.find(event.kind(), event.arn());
        if (event.kind() == EntityKind.SERVICE && now.isPresent()) {
            return writer.report(event.kind(), event.clusterArn(), now.get());
        }
        boolean isNewest = now.isPresent() && event.kind().versionOf(now.get()) == event.version();
        return isNewest
                ? writer.report(event.kind(), event.clusterArn(), event.value())
                : writer.deliver(event.kind(), event.clusterArn(), event.value());
    }
}
