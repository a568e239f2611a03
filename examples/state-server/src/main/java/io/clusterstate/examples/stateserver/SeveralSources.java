package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeView;
import io.clusterstate.mirror.MirrorPlace;
import io.clusterstate.mirror.Mirrors;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The sources of several places under one view. A place that fails or lags harms no other. */
final class SeveralSources implements StateSource {

    private final Map<MirrorPlace, StateSource> places;
    private final ClusterStateView view;
    private final Supplier<List<String>> problems;
    private final Runnable start;
    private final Runnable close;

    private SeveralSources(
            Map<MirrorPlace, ? extends StateSource> places,
            Supplier<List<String>> problems,
            Runnable start,
            Runnable close) {
        this.places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
        this.view = viewOf(places);
        this.problems = problems;
        this.start = start;
        this.close = close;
    }

    /** The mirrors of several places, in the order of the places. */
    static SeveralSources of(Mirrors mirrors, List<MirrorPlace> places) {
        Map<MirrorPlace, StateSource> sources = new LinkedHashMap<>();
        places.forEach(place -> sources.put(
                place, new MirrorSource(Objects.requireNonNull(mirrors.mirrors().get(place.name())))));
        return new SeveralSources(sources, mirrors::problems, mirrors::start, mirrors::close);
    }

    /** Sources that start and close by themselves. */
    static SeveralSources of(Map<MirrorPlace, ? extends StateSource> sources) {
        return new SeveralSources(
                sources,
                () -> problemsOf(sources),
                () -> sources.values().forEach(StateSource::start),
                () -> closeAll(sources));
    }

    private static CompositeView viewOf(Map<MirrorPlace, ? extends StateSource> sources) {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        sources.forEach((place, source) -> views.put(place.name(), source.view()));
        return CompositeView.of(views);
    }

    @Override
    public void start() {
        start.run();
    }

    @Override
    public ClusterStateView view() {
        return view;
    }

    @Override
    public Map<MirrorPlace, StateSource> places() {
        return places;
    }

    /** The role of all places; {@code MIXED} if they have different ones. */
    @Override
    public String role() {
        Set<String> roles = places.values().stream().map(StateSource::role).collect(Collectors.toSet());
        return roles.size() == 1 ? roles.iterator().next() : "MIXED";
    }

    /** The problems of all places, with the place in front. */
    @Override
    public List<String> problems() {
        return problems.get();
    }

    private static List<String> problemsOf(Map<MirrorPlace, ? extends StateSource> sources) {
        List<String> all = new ArrayList<>();
        sources.forEach((name, source) -> source.problems().forEach(each -> all.add(name + ": " + each)));
        return all;
    }

    @Override
    public void writeStatus(Fields fields) throws IOException {
        fields.text("phase", view.isReady() ? "READY" : "LOADING")
                .text("role", role())
                .texts("problems", problems())
                .list("places", places.entrySet(), (each, place) -> {
                    each.text("name", place.getKey().toString());
                    place.getValue().writeStatus(each);
                });
    }

    @Override
    public void bindTo(MeterRegistry registry, Tags tags) {
        places.forEach((name, source) -> source.bindTo(registry, tags.and("mirror", name.toString())));
    }

    @Override
    public void close() {
        close.run();
    }

    /** Closes all at the same time, since each may take seconds. */
    private static void closeAll(Map<MirrorPlace, ? extends StateSource> sources) {
        List<Thread> closing = new ArrayList<>();
        sources.forEach((place, source) -> closing.add(new Thread(source::close, "css-close-" + place)));
        closing.forEach(Thread::start);
        try {
            for (Thread each : closing) {
                each.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
