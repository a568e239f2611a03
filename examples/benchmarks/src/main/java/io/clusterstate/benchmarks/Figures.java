package io.clusterstate.benchmarks;

import io.clusterstate.benchmarks.Figure.Unit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jol.info.ClassLayout;

/** All figures of the report, with their goals. */
final class Figures {

    /**
     * The goal of a cost that does not grow with the size. A tree one level deeper and slower memory are allowed for.
     */
    private static final Goal FLAT = Goal.ratioAtMost(2);

    /** The goal of a high percentile that must stay as it was. */
    private static final Goal UNCHANGED = Goal.ratioAtMost(1.25);

    private Figures() {}

    static List<Figure> all() {
        return Stream.of(
                        lookups(),
                        composites(),
                        snapshots(),
                        publications(),
                        queries(),
                        decoding(),
                        footprints(),
                        listeners(),
                        arrivals(),
                        wholeWay(QueueToStore.Store.MEMORY, "ingest.queue-to-view", 0.85, 5_200),
                        wholeWay(QueueToStore.Store.ETCD, "ingest.queue-to-etcd", 0.5, 2_600),
                        etcd())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Figure> lookups() {
        return List.of(
                lookup("map", "lookup.view-beside-map", "view", Goal.ratioAtMost(1.5)),
                lookup("map", "lookup.snapshot-beside-map", "snapshot", Goal.ratioAtMost(1.7)),
                lookup("fabric8", "lookup.view-beside-fabric8", "view", Goal.ratioAtMost(1.2)),
                lookup("official", "lookup.view-beside-kubernetes", "view", Goal.ratioAtMost(0.9)),
                Figure.alone(
                        "lookup.allocation",
                        Unit.BYTES,
                        Score.of(Lookup.class, "compare", "viewBytes"),
                        Goal.valueAtMost(sizeOfOptional())));
    }

    private static Figure lookup(String baseline, String name, String subject, Goal goal) {
        return Figure.beside(
                Score.of(Lookup.class, "compare", baseline),
                name,
                Unit.NANOSECONDS,
                Score.of(Lookup.class, "compare", subject),
                goal);
    }

    /**
     * The size of an {@code Optional}, and 0.01 bytes more for allocation that the profiler counts beside the
     * operation's.
     */
    private static double sizeOfOptional() {
        return ClassLayout.parseClass(Optional.class).instanceSize() + 0.01;
    }

    private static List<Figure> composites() {
        return List.of(
                compositeLookup("1", Goal.ratioAtMost(2.5)),
                compositeLookup("4", Goal.ratioAtMost(2.5)),
                compositeLookup("20", Goal.ratioAtMost(2.5)),
                Figure.alone(
                        "composite.lookup-20.allocation",
                        Unit.BYTES,
                        ofComposite("20", "compositeBytes"),
                        Goal.valueAtMost(sizeOfOptional())),
                Figure.beside(
                        Score.of(CutOffMember.class, "compare", "allThere"),
                        "composite.p99-beside-a-cut-off-member",
                        Unit.NANOSECONDS,
                        Score.of(CutOffMember.class, "compare", "oneCutOff"),
                        UNCHANGED));
    }

    /** A lookup in a composite view of so many members, beside one in the member that has the task. */
    private static Figure compositeLookup(String members, Goal goal) {
        return Figure.beside(
                ofComposite(members, "member"),
                "composite.lookup-" + members,
                Unit.NANOSECONDS,
                ofComposite(members, "composite"),
                goal);
    }

    private static Score ofComposite(String members, String counter) {
        return new Score(CompositeLookup.class, "compare", Map.of("members", members), counter);
    }

    private static List<Figure> snapshots() {
        return List.of(
                Figure.beside(
                        Score.of(SnapshotCost.class, "compare", "small"),
                        "snapshot.100k-beside-1k",
                        Unit.NANOSECONDS,
                        Score.of(SnapshotCost.class, "compare", "large"),
                        FLAT),
                Figure.alone(
                        "snapshot.allocation",
                        Unit.BYTES,
                        Score.of(SnapshotCost.class, "compare", "largeBytes"),
                        Goal.valueAtMost(0.01)));
    }

    private static List<Figure> publications() {
        return Stream.of("statusChange", "newTask")
                .flatMap(method -> Stream.of(
                        grown(ApplyOneChange.class, method, "publish." + method, "1k", "100k", Goal.ratioAtMost(1.8)),
                        grown(ApplyOneChange.class, method, "publish." + method, "1k", "10k", Goal.ratioAtMost(1.8)),
                        Figure.alone(
                                "publish." + method + ".allocation",
                                Unit.BYTES,
                                Score.of(ApplyOneChange.class, method, "bytesOf100k"),
                                null)))
                .toList();
    }

    private static List<Figure> queries() {
        return List.of(
                grown(QueryCost.class, "few", "query.10", "1k", "100k", FLAT),
                grown(QueryCost.class, "many", "query.1000", "10k", "100k", FLAT),
                grown(QueryCost.class, "withFree", "query.with-free", "1k", "10k", FLAT));
    }

    /** A cost with many entities, beside the cost with few. */
    private static Figure grown(Class<?> subject, String method, String name, String few, String many, Goal goal) {
        return Figure.beside(
                Score.of(subject, method, "of" + few),
                name + '.' + many + "-beside-" + few,
                Unit.NANOSECONDS,
                Score.of(subject, method, "of" + many),
                goal);
    }

    private static List<Figure> decoding() {
        return List.of(
                decode(Decode.Kind.FARGATE, "decode.fargate-task"),
                decode(Decode.Kind.EC2, "decode.ec2-task"),
                decode(Decode.Kind.INSTANCE, "decode.instance"),
                Figure.beside(
                        Score.of(StaleEventRefusal.class, "compare", "decode"),
                        "decode.refuse-by-version-alone",
                        Unit.NANOSECONDS,
                        Score.of(StaleEventRefusal.class, "compare", "skim"),
                        null),
                Figure.alone(
                        "ingest.decode-and-apply",
                        Unit.PER_SECOND,
                        Score.of(Ingest.class, "decodeAndApply", "time"),
                        Goal.valueAtLeast(50_000)),
                Figure.alone("ingest.allocation", Unit.BYTES, Score.of(Ingest.class, "decodeAndApply", "bytes"), null));
    }

    private static Figure decode(Decode.Kind kind, String name) {
        Map<String, String> params = Map.of("kind", kind.name());
        return Figure.beside(
                new Score(Decode.class, "compare", params, "tokens"),
                name,
                Unit.NANOSECONDS,
                new Score(Decode.class, "compare", params, "decode"),
                Goal.ratioAtMost(3.6));
    }

    private static List<Figure> footprints() {
        Score parsed = Score.of(Footprint.class, "count", "parsed");
        return List.of(
                footprint(parsed, "described", "memory.task-from-api", Goal.ratioAtMost(0.5)),
                footprint(parsed, "fromEvents", "memory.task-from-event", Goal.ratioAtMost(0.5)),
                footprint(parsed, "stored", "memory.task-in-store", null),
                Figure.alone(
                        "memory.task-definition", Unit.BYTES, Score.of(Footprint.class, "count", "definition"), null));
    }

    private static Figure footprint(Score parsed, String counter, String name, @Nullable Goal goal) {
        return Figure.beside(parsed, name, Unit.BYTES, Score.of(Footprint.class, "count", counter), goal);
    }

    /** The effect of a sleeping listener on another listener and on {@code apply}. */
    private static List<Figure> listeners() {
        return List.of(
                Figure.beside(
                        compared("heardAlone"),
                        "listener.p99-beside-a-sleeper",
                        Unit.NANOSECONDS,
                        compared("heardBeside"),
                        UNCHANGED),
                Figure.beside(
                        compared("appliedAlone"),
                        "apply.p99-beside-a-sleeper",
                        Unit.NANOSECONDS,
                        compared("appliedBeside"),
                        UNCHANGED));
    }

    private static List<Figure> arrivals() {
        return List.of(
                Figure.beside(
                        Score.of(EventToListener.class, "compare", "bare"),
                        "arrival.p99",
                        Unit.NANOSECONDS,
                        Score.of(EventToListener.class, "compare", "listener"),
                        Goal.ratioAtMost(1.15)),
                Figure.alone(
                        "arrival.p50",
                        Unit.NANOSECONDS,
                        Score.of(EventToListener.class, "compare", "listenerMedian"),
                        null));
    }

    /** A mirror from the queue into its store, beside a loop that only receives and deletes. */
    private static List<Figure> wholeWay(QueueToStore.Store store, String name, double share, int rate) {
        return List.of(
                Figure.beside(
                        wholeWay(store, "bare"),
                        name,
                        Unit.PER_SECOND,
                        wholeWay(store, "mirror"),
                        Goal.ratioAtLeast(share)),
                Figure.alone(name + ".rate", Unit.PER_SECOND, wholeWay(store, "mirror"), Goal.valueAtLeast(rate)),
                Figure.beside(
                        wholeWay(store, "bareCpu"),
                        name + ".cpu",
                        Unit.NANOSECONDS,
                        wholeWay(store, "mirrorCpu"),
                        store == QueueToStore.Store.MEMORY ? Goal.valueAtMost(200_000) : null),
                Figure.beside(
                        wholeWay(store, "freshBare"),
                        name + ".fresh",
                        Unit.PER_SECOND,
                        wholeWay(store, "freshMirror"),
                        null),
                Figure.alone(name + ".fresh-cpu", Unit.NANOSECONDS, wholeWay(store, "freshMirrorCpu"), null));
    }

    private static Score wholeWay(QueueToStore.Store store, String counter) {
        return new Score(QueueToStore.class, "compare", Map.of("store", store.name()), counter);
    }

    private static List<Figure> etcd() {
        return List.of(
                Figure.alone(
                        "etcd.events",
                        Unit.PER_SECOND,
                        Score.of(EtcdStoreSpeed.class, "startAndIngest", "anEvent"),
                        Goal.valueAtLeast(2_600)),
                Figure.alone(
                        "etcd.cold-start-50k",
                        Unit.NANOSECONDS,
                        Score.of(EtcdStoreSpeed.class, "startAndIngest", "coldStart"),
                        Goal.valueAtMost(3e9)),
                freshJvm("etcd.fresh-jvm-50k.cpu", "Cpu", Goal.ratioAtMost(1.4)),
                freshJvm("etcd.fresh-jvm-50k.time", "Time", Goal.valueAtMost(3e9)));
    }

    /** A reader in a JVM of its own, beside a program that only fetches the same keys. */
    private static Figure freshJvm(String name, String cost, Goal goal) {
        return Figure.beside(
                Score.of(ColdStart.class, "fetchAndRead", "fetch" + cost),
                name,
                Unit.NANOSECONDS,
                Score.of(ColdStart.class, "fetchAndRead", "reader" + cost),
                goal);
    }

    private static Score compared(String counter) {
        return Score.of(SlowListener.class, "compare", counter);
    }
}
