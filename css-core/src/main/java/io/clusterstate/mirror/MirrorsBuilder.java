package io.clusterstate.mirror;

import static java.util.Objects.requireNonNull;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import io.clusterstate.sqs.SqsEventSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Builds {@link Mirrors}. The places ({@link #regions}, {@link #roles}, {@link #places}) and the three functions
 * {@link #ecs}, {@link #events} and {@link #store} are required; everything else has a default.
 *
 * <p>{@link #build()} calls each function once for each place, on its own thread. Two places that receive the same
 * client, event source or store are refused.
 *
 * <p>Thread: one thread at a time.
 */
public final class MirrorsBuilder {

    private List<String> regions = List.of();
    private List<String> roles = List.of();
    private List<MirrorPlace> further = List.of();
    private @Nullable Function<MirrorPlace, EcsClient> ecs;
    private @Nullable Function<MirrorPlace, EventSource> events;
    private @Nullable Function<MirrorPlace, StateStore> store;
    private BiConsumer<MirrorPlace, ClusterMirrorBuilder> each = (place, builder) -> {};
    private boolean closesClients;
    private ThreadFactory threads = Environment::daemon;
    private int mostThreads = Integer.MAX_VALUE;

    MirrorsBuilder() {}

    /**
     * Sets the Regions. Each of them becomes a place in the account of each role, or in the process's own account if
     * there are no roles.
     *
     * @param ids the Regions' ids, such as {@code eu-west-1}
     * @return this
     */
    public MirrorsBuilder regions(String... ids) {
        this.regions = List.of(ids);
        return this;
    }

    /**
     * Sets the roles, one of each account. The functions make clients that assume them.
     *
     * @param arns the roles' ARNs, such as {@code arn:aws:iam::111122223333:role/css}; by default none
     * @return this
     */
    public MirrorsBuilder roles(String... arns) {
        this.roles = List.of(arns);
        return this;
    }

    /**
     * Sets places besides those of {@link #regions}, such as the few Regions of one account.
     *
     * @param more the places; by default none
     * @return this
     */
    public MirrorsBuilder places(MirrorPlace... more) {
        this.further = List.of(more);
        return this;
    }

    /**
     * Sets the function that makes the ECS client of a place, of its Region and its account. A client of another Region
     * is refused. A client of another account than the role's is a problem of its mirror, which then reads nothing.
     *
     * @param client makes a client; the host closes it, unless {@link #closingClients()} is set
     * @return this
     */
    public MirrorsBuilder ecs(Function<MirrorPlace, EcsClient> client) {
        this.ecs = requireNonNull(client, "client: null (expected: a function)");
        return this;
    }

    /**
     * Sets the function that makes the event source of a place. Each place needs a queue of its own, since its mirror
     * settles the events of all others.
     *
     * @param source makes a source, which the mirror closes
     * @return this
     */
    public MirrorsBuilder events(Function<MirrorPlace, EventSource> source) {
        this.events = requireNonNull(source, "source: null (expected: a function)");
        return this;
    }

    /**
     * Sets the function that makes the store of a place. In etcd each place needs a namespace of its own.
     *
     * @param state makes a store, which the mirror closes
     * @return this
     */
    public MirrorsBuilder store(Function<MirrorPlace, StateStore> state) {
        this.store = requireNonNull(state, "state: null (expected: a function)");
        return this;
    }

    /**
     * Sets what else a mirror needs, such as its clusters or its task definitions.
     *
     * @param settings receives each place and the builder of its mirror, before the three functions run for the place;
     *     it leaves {@code ecs}, {@code events} and {@code store} to them
     * @return this
     */
    public MirrorsBuilder each(BiConsumer<MirrorPlace, ClusterMirrorBuilder> settings) {
        this.each = requireNonNull(settings, "settings: null (expected: settings)");
        return this;
    }

    /**
     * Makes {@link Mirrors#close()} close each ECS client after its mirror, and {@link #build()} those it received
     * before it failed. Without it, they belong to the host. {@link SqsEventSource#closingClient()} does the same for a
     * client of SQS.
     *
     * @return this
     */
    public MirrorsBuilder closingClients() {
        this.closesClients = true;
        return this;
    }

    /**
     * Sets the factory of all threads. The mirrors name them by place. On Java 21 or later it may make virtual threads.
     *
     * @param factory the factory; by default a factory of daemon threads
     * @return this
     */
    public MirrorsBuilder threads(ThreadFactory factory) {
        this.threads = requireNonNull(factory, "factory: null (expected: a thread factory)");
        return this;
    }

    /**
     * Bounds the number of threads of all mirrors together. Each place receives the same number, so that one that hangs
     * takes none from another: fewer clusters are reconciled in parallel, and fewer threads poll. Each subscription has
     * a thread besides, and so may stores and clients.
     *
     * @param most the number; by default none, which allows about 20 for each place under load, and 8 at rest
     * @return this
     */
    public MirrorsBuilder threadsAtMost(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("threadsAtMost: " + most + " (expected: >= 1)");
        }
        this.mostThreads = most;
        return this;
    }

    /**
     * Builds one mirror for each place. Nothing starts before {@link Mirrors#start()}. If it fails, it closes every
     * source and store that the functions have made.
     *
     * @return the mirrors
     * @throws IllegalStateException if a required part is missing, or a function or a mirror's builder fails; the
     *     message names the place, and the cause is the failure
     * @throws IllegalArgumentException if a place comes twice, two places share a part, or a client is of another
     *     Region than its place. Also if the threads are too few; the message names the least number
     */
    public Mirrors build() {
        List<MirrorPlace> places = allPlaces();
        PlaceParts parts = new PlaceParts(required("ecs", ecs), required("events", events), required("store", store));
        Map<String, ClusterMirror> mirrors = new LinkedHashMap<>();
        try {
            Map<MirrorPlace, ClusterMirrorBuilder> builders = new LinkedHashMap<>();
            places.forEach(place -> builders.put(place, parts.builder(place, threads, each)));
            divideThreads(builders);
            builders.forEach((place, builder) -> {
                builder.threads(new PlaceThreads(place.name(), builder.threads()));
                mirrors.put(place.name(), parts.naming(place, "mirror", builder::build));
            });
        } catch (RuntimeException | Error e) {
            parts.close(closesClients, e);
            throw e;
        }
        return new Mirrors(mirrors, closesClients ? parts.clients() : Map.of(), threads);
    }

    private List<MirrorPlace> allPlaces() {
        List<MirrorPlace> all = Stream.concat(regions.stream().flatMap(this::inEachAccount), further.stream())
                .toList();
        if (all.isEmpty()) {
            throw new IllegalStateException("places: none (expected: regions, or places)");
        }
        List<String> seen = new ArrayList<>();
        for (MirrorPlace place : all) {
            if (seen.contains(place.name())) {
                throw new IllegalArgumentException(
                        "place: " + place.name() + " twice (expected: each account and Region once)");
            }
            seen.add(place.name());
        }
        return all;
    }

    private Stream<MirrorPlace> inEachAccount(String region) {
        return roles.isEmpty()
                ? Stream.of(MirrorPlace.of(region))
                : roles.stream().map(role -> MirrorPlace.of(region, role));
    }

    /** Gives each place the same share, and leaves over the threads that a place cannot use. */
    private void divideThreads(Map<MirrorPlace, ClusterMirrorBuilder> builders) {
        int share = mostThreads / builders.size();
        int least = builders.values().stream()
                .mapToInt(builder -> builder.plan().least().total())
                .max()
                .orElse(0);
        if (share < least) {
            throw new IllegalArgumentException("threadsAtMost: " + mostThreads + " (expected: >= "
                    + (long) least * builders.size() + ", " + least + " for each of " + builders.size() + " places)");
        }
        builders.values().forEach(builder -> builder.plan(builder.plan().within(share)));
    }

    private static <P> P required(String name, @Nullable P part) {
        if (part == null) {
            throw new IllegalStateException(name + ": not given (expected: a function, before build)");
        }
        return part;
    }
}
