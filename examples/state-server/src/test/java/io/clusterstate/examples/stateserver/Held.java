package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.StoreLink;
import io.clusterstate.StoreView;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.micrometer.ViewMetrics;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.ViewHost;
import io.clusterstate.testing.Entities;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** A view in which nothing moves until the test says so. */
final class Held implements StateSource, ViewHost {

    private final MemoryStateStore store =
            new MemoryStateStore(Duration.ofDays(36_500), Duration.ofDays(1), InstantSource.system());
    private final StoreView view =
            StoreView.of(store.journal(), this, InstantSource.system(), task -> new Thread(task, "held"));
    private volatile boolean isReady = true;
    private volatile boolean isOver;
    private volatile @Nullable RuntimeException failure;
    private volatile Optional<Instant> freshUpTo = Optional.of(Instant.now());
    private volatile List<String> problems = List.of();
    private volatile StoreLink link = StoreLink.LOCAL;

    MemoryStateStore store() {
        return store;
    }

    Held loading() {
        isReady = false;
        return this;
    }

    void loaded() {
        isReady = true;
    }

    /** Every question fails from now on. */
    void breakWith(RuntimeException why) {
        failure = why;
    }

    void confirmedAt(Instant upTo) {
        freshUpTo = Optional.of(upTo);
    }

    void complain(String problem) {
        problems = List.of(problem);
    }

    void cutOff() {
        link = new StoreLink(StoreLink.State.STALE, Instant.now());
    }

    void standBy() {
        link = new StoreLink(StoreLink.State.STANDBY, Instant.now());
    }

    long put(Task task) {
        return put(EntityKind.TASK, "prod", task);
    }

    <T> long put(EntityKind<T> kind, String cluster, T value) {
        store.apply(List.of(Entities.upsert(kind, cluster, value)));
        return store.snapshot().revision();
    }

    long remove(String taskArn) {
        var known = store.snapshot().observed(EntityKind.TASK, taskArn).orElseThrow();
        store.apply(List.of(Removal.of(known, Instant.now(), Removal.Reason.MISSING)));
        return store.snapshot().revision();
    }

    @Override
    public void start() {}

    @Override
    public ClusterStateView view() {
        return view;
    }

    @Override
    public String role() {
        return "SOLE";
    }

    @Override
    public List<String> problems() {
        return problems;
    }

    @Override
    public void writeStatus(Fields fields) throws IOException {
        fields.text("phase", isReady ? "READY" : "LOADING").text("role", role()).texts("problems", problems());
    }

    @Override
    public void bindTo(MeterRegistry registry, Tags tags) {
        ViewMetrics.of(view).withTags(tags).bindTo(registry);
    }

    @Override
    public void close() {
        isOver = true;
        view.close();
        store.close();
    }

    @Override
    public boolean isReady() {
        RuntimeException why = failure;
        if (why != null) {
            throw why;
        }
        return isReady && !isOver;
    }

    @Override
    public boolean isOver() {
        return isOver;
    }

    @Override
    public NotReadyException notReady() {
        return new NotReadyException(isOver ? "closed" : "the test has not loaded it", null);
    }

    @Override
    public String waitsFor() {
        return "the test";
    }

    @Override
    public Freshness freshness() {
        return new Freshness(freshUpTo, Map.of(), Optional.empty(), Optional.empty(), link);
    }
}
