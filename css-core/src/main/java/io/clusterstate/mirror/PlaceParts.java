package io.clusterstate.mirror;

import io.clusterstate.internal.ecs.ClientRegion;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Makes the parts of each place by the host's functions, and remembers them.
 *
 * <p>Thread: one thread.
 */
final class PlaceParts {

    private final Function<MirrorPlace, EcsClient> ecs;
    private final Function<MirrorPlace, EventSource> events;
    private final Function<MirrorPlace, StateStore> store;
    private final Map<String, AutoCloseable> clients = new LinkedHashMap<>();
    /** Every part, with the place for which it was made. */
    private final IdentityHashMap<AutoCloseable, MirrorPlace> made = new IdentityHashMap<>();

    PlaceParts(
            Function<MirrorPlace, EcsClient> ecs,
            Function<MirrorPlace, EventSource> events,
            Function<MirrorPlace, StateStore> store) {
        this.ecs = ecs;
        this.events = events;
        this.store = store;
    }

    /** The builder of the place's mirror, with all parts. */
    ClusterMirrorBuilder builder(
            MirrorPlace place, ThreadFactory threads, BiConsumer<MirrorPlace, ClusterMirrorBuilder> each) {
        ClusterMirrorBuilder builder = ClusterMirror.builder().threads(threads);
        naming(place, "each", () -> {
            each.accept(place, builder);
            return builder;
        });
        EcsClient client = made(place, "ecs", ecs);
        clients.put(place.name(), client);
        requireRegion(place, client);
        naming(place, "ecs", () -> builder.ecs(client));
        return builder.events(made(place, "events", events))
                .store(made(place, "store", store))
                .home(place.anyArn());
    }

    private <P extends AutoCloseable> P made(MirrorPlace place, String name, Function<MirrorPlace, P> function) {
        P part = naming(place, name, () -> function.apply(place));
        if (part == null) {
            throw new IllegalStateException("place " + place + ": " + name + ": null (expected: one for the place)");
        }
        MirrorPlace other = made.putIfAbsent(part, place);
        if (other != null) {
            throw new IllegalArgumentException("place " + place + ": " + name + ": the same as of place " + other
                    + " (expected: one for each place)");
        }
        return part;
    }

    private static void requireRegion(MirrorPlace place, EcsClient client) {
        Optional<String> other = ClientRegion.of(client).filter(region -> !region.equals(place.region()));
        if (other.isPresent()) {
            throw new IllegalArgumentException(
                    "place " + place + ": ecs: a client of " + other.get() + " (expected: of " + place.region() + ")");
        }
    }

    /** Runs a step of a place, and names the place if it fails. */
    <P extends @Nullable Object> P naming(MirrorPlace place, String name, Supplier<P> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            throw new IllegalStateException("place " + place + ": " + name + ": " + e.getMessage(), e);
        }
    }

    /** The ECS clients, by the name of their place. */
    Map<String, AutoCloseable> clients() {
        return clients;
    }

    /** Closes the parts after a failure. */
    void close(boolean withClients, Throwable failure) {
        for (AutoCloseable part : made.keySet()) {
            if (withClients || !(part instanceof EcsClient)) {
                try {
                    part.close();
                } catch (Exception e) {
                    failure.addSuppressed(e);
                }
            }
        }
    }
}
