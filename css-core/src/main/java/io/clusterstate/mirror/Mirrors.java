package io.clusterstate.mirror;

import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeView;
import io.clusterstate.internal.loop.FailureText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@link ClusterMirror} for each Region and account, from one description. The mirrors share nothing but the
 * factory of their threads: each has its own client, queue, claim, store, API budget and status. A place that has no
 * credentials, is denied or hangs therefore harms no other.
 *
 * <p>The mirrors start once and close once, together. Each retries every remote outage by itself; {@link #problems()}
 * names the place.
 *
 * <p>Thread: safe for any thread.
 *
 * <p>Example:
 *
 * <pre>{@code
 * Mirrors mirrors = Mirrors.builder()
 *     .regions("eu-west-1", "us-east-1")
 *     .roles("arn:aws:iam::111122223333:role/css", "arn:aws:iam::444455556666:role/css")
 *     .ecs(place -> ecsClient(place))
 *     .events(place -> SqsEventSource.of(sqsClient(place), "css_queue"))
 *     .store(place -> new MemoryStateStore())
 *     .build();
 * mirrors.start();
 * mirrors.view().awaitReady(Duration.ofMinutes(2));
 * List<Task> web = mirrors.view().snapshot().tasks().family("web").list(); // of all places
 * }</pre>
 */
public final class Mirrors implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);

    private final Map<String, ClusterMirror> mirrors;
    private final CompositeView view;
    private final MirrorsClosing closing;
    private final Map<String, String> notStarted = new ConcurrentHashMap<>();
    private final AtomicBoolean wasStarted = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    Mirrors(Map<String, ClusterMirror> mirrors, Map<String, AutoCloseable> clients, ThreadFactory threads) {
        this.mirrors = Collections.unmodifiableMap(mirrors);
        this.view = CompositeView.of(views(mirrors));
        this.closing = new MirrorsClosing(this.mirrors, Map.copyOf(clients), threads);
    }

    private static Map<String, ClusterStateView> views(Map<String, ClusterMirror> mirrors) {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        mirrors.forEach((place, mirror) -> views.put(place, mirror.view()));
        return views;
    }

    /**
     * Creates a builder. Nothing starts before {@link #start()}.
     *
     * @return a builder with its documented defaults
     */
    public static MirrorsBuilder builder() {
        return new MirrorsBuilder();
    }

    /**
     * Starts every mirror. Blocks: never. No outage of a place is a failure of this method, and neither is a mirror
     * that finds no threads: the others start, and {@link #problems()} names it.
     *
     * @throws IllegalStateException if the mirrors were started or closed before
     */
    public void start() {
        if (!wasStarted.compareAndSet(false, true) || isClosed.get()) {
            throw new IllegalStateException(
                    "start: the mirrors are " + (isClosed.get() ? "closed" : "started") + " (expected: neither)");
        }
        mirrors.forEach(this::start);
    }

    private void start(String place, ClusterMirror mirror) {
        try {
            mirror.start();
        } catch (RuntimeException | OutOfMemoryError e) { // the latter if the machine has no more threads
            notStarted.put(place, FailureText.of(e));
            LOG.warn("{}: not started completely: {}", place, FailureText.of(e));
        }
    }

    /**
     * The read side of all mirrors, ready when all are; {@link CompositeView#readyWhen} makes one that needs only some.
     * Its members have the names of the places.
     *
     * @return the view, the same at every call
     */
    public CompositeView view() {
        return view;
    }

    /**
     * The mirrors by the name of their place ({@link MirrorPlace#name()}), in the order of the builder.
     *
     * @return an unmodifiable map, the same at every call
     */
    public Map<String, ClusterMirror> mirrors() {
        return mirrors;
    }

    /**
     * The health of each mirror at this moment, by the name of its place.
     *
     * @return the statuses, in the order of the builder
     */
    public Map<String, MirrorStatus> status() {
        Map<String, MirrorStatus> all = new LinkedHashMap<>();
        mirrors.forEach((place, mirror) -> all.put(place, mirror.status()));
        return Collections.unmodifiableMap(all);
    }

    /**
     * The present problems of all mirrors, in sentences for people, as {@link MirrorStatus#problems()} has them.
     *
     * @return one sentence for each problem, with the place in front; empty if there is none
     */
    public List<String> problems() {
        List<String> all = new ArrayList<>();
        notStarted.forEach((place, why) -> all.add(place + ": start: " + why + " (expected: all threads)"));
        status().forEach((place, status) -> status.problems().forEach(problem -> all.add(place + ": " + problem)));
        return List.copyOf(all);
    }

    /**
     * Closes every mirror with its event source and store, all at the same time, and then the ECS clients if
     * {@link MirrorsBuilder#closingClients()} says so. {@link #view()} ends with them.
     *
     * <p>Promise 11 holds for all mirrors. Idempotent; safe in every phase. A failure to close one is logged.
     *
     * <p>Blocks: up to a second longer than the longest limit that a {@link ClusterMirrorBuilder#closeWithin} sets. An
     * interrupt before or during the call does not shorten it, and is kept. A listener may call it on a thread of a
     * mirror; that thread then ends after the listener.
     */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            closing.end();
        }
    }

    /**
     * The places.
     *
     * @return a text for logs
     */
    @Override
    public String toString() {
        return "mirrors of " + mirrors.keySet();
    }
}
