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

    private static final Map<String, String> LARGE = tasks(100_000);
    private static final Map<String, String> MIDDLE = tasks(10_000);
    private static final Map<String, String> SMALL = tasks(1_000);

    /**
     * The goal of a cost that does not grow with the size. A tree one level deeper and slower memory are allowed for.
     */
    private static final Goal FLAT = Goal.ratioAtMost(2);

    /** The goal of a high percentile that must stay as it was. It varies by that much from run to run. */
    private static final Goal UNCHANGED = Goal.ratioAtMost(1.25);

    private Figures() {}

    static List<Figure> all() {
        return Stream.of(
                        lookups(),
                        snapshots(),
                        publications(),
                        questions(),
                        decoding(),
                        footprints(),
                        listeners(),
                        arrivals(),
                        etcd())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Figure> lookups() {
        Score view = Score.time(Lookup.class, "view", LARGE);
        Score map = Score.time(Lookup.class, "map", LARGE);
        return List.of(
                Figure.beside(map, "lookup.beside-map", Unit.NANOSECONDS, view, Goal.ratioAtMost(1.5)),
                Figure.alone(
                        "lookup.allocation",
                        Unit.BYTES,
                        Score.allocation(Lookup.class, "view", LARGE),
                        Goal.valueAtMost(sizeOfOptional())),
                Figure.beside(
                        kubernetes("fabric8"), "lookup.beside-fabric8", Unit.NANOSECONDS, view, Goal.ratioAtMost(1)),
                Figure.beside(
                        kubernetes("fabric8Lister"), "lookup.beside-fabric8-lister", Unit.NANOSECONDS, view, null),
                Figure.beside(
                        kubernetes("official"),
                        "lookup.beside-kubernetes",
                        Unit.NANOSECONDS,
                        view,
                        Goal.ratioAtMost(1)));
    }

    private static Score kubernetes(String method) {
        return Score.time(KubernetesLookup.class, method, LARGE);
    }

    /**
     * The size of an {@code Optional}, and 0.01 bytes more for allocation that the profiler counts beside the
     * operation's.
     */
    private static double sizeOfOptional() {
        return ClassLayout.parseClass(Optional.class).instanceSize() + 0.01;
    }

    private static List<Figure> snapshots() {
        return List.of(
                Figure.beside(
                        Score.time(SnapshotCost.class, "view", SMALL),
                        "snapshot.100k-beside-1k",
                        Unit.NANOSECONDS,
                        Score.time(SnapshotCost.class, "view", LARGE),
                        FLAT),
                Figure.alone(
                        "snapshot.allocation",
                        Unit.BYTES,
                        Score.allocation(SnapshotCost.class, "view", LARGE),
                        Goal.valueAtMost(0.01)));
    }

    private static List<Figure> publications() {
        return Stream.of("statusChange", "newTask")
                .flatMap(method -> Stream.of(
                        Figure.beside(
                                Score.time(ApplyOneChange.class, method, SMALL),
                                "publish." + method + ".100k-beside-1k",
                                Unit.NANOSECONDS,
                                Score.time(ApplyOneChange.class, method, LARGE),
                                FLAT),
                        Figure.beside(
                                Score.time(ApplyOneChange.class, method, SMALL),
                                "publish." + method + ".10k-beside-1k",
                                Unit.NANOSECONDS,
                                Score.time(ApplyOneChange.class, method, MIDDLE),
                                FLAT)))
                .toList();
    }

    private static List<Figure> questions() {
        return List.of(
                Figure.beside(
                        Score.time(QueryCost.class, "few", SMALL),
                        "query.10-of-100k-beside-1k",
                        Unit.NANOSECONDS,
                        Score.time(QueryCost.class, "few", LARGE),
                        FLAT),
                Figure.beside(
                        Score.time(QueryCost.class, "many", MIDDLE),
                        "query.1000-of-100k-beside-10k",
                        Unit.NANOSECONDS,
                        Score.time(QueryCost.class, "many", LARGE),
                        FLAT),
                Figure.beside(
                        Score.time(QueryCost.class, "withFree", Map.of("instances", "1000")),
                        "query.with-free-10k-beside-1k",
                        Unit.NANOSECONDS,
                        Score.time(QueryCost.class, "withFree", Map.of("instances", "10000")),
                        FLAT));
    }

    private static List<Figure> decoding() {
        return List.of(
                decode(Decode.Kind.FARGATE, "decode.fargate-task"),
                decode(Decode.Kind.EC2, "decode.ec2-task"),
                decode(Decode.Kind.INSTANCE, "decode.instance"),
                Figure.beside(
                        Score.time(StaleEventRefusal.class, "decodeAndRefuse", Map.of()),
                        "decode.refuse-by-version-alone",
                        Unit.NANOSECONDS,
                        Score.time(StaleEventRefusal.class, "skimAndRefuse", Map.of()),
                        null),
                Figure.alone(
                        "ingest.decode-and-apply",
                        Unit.PER_SECOND,
                        Score.time(Ingest.class, "decodeAndApply", Map.of()),
                        Goal.valueAtLeast(50_000)));
    }

    private static Figure decode(Decode.Kind kind, String name) {
        Map<String, String> params = Map.of("kind", kind.name());
        return Figure.beside(
                Score.time(Decode.class, "tokens", params),
                name,
                Unit.NANOSECONDS,
                Score.time(Decode.class, "decode", params),
                Goal.ratioAtMost(4));
    }

    private static List<Figure> footprints() {
        Score parsed = Score.counter(Footprint.class, "count", "parsed");
        return List.of(
                footprint(parsed, "described", "memory.task-from-api", Goal.ratioAtMost(0.5)),
                footprint(parsed, "fromEvents", "memory.task-from-event", Goal.ratioAtMost(0.5)),
                footprint(parsed, "stored", "memory.task-in-store", null));
    }

    private static Figure footprint(Score parsed, String counter, String name, @Nullable Goal goal) {
        return Figure.beside(parsed, name, Unit.BYTES, Score.counter(Footprint.class, "count", counter), goal);
    }

    /** The effect of a sleeping listener on another listener and on {@code apply}. */
    private static List<Figure> listeners() {
        return List.of(
                Figure.beside(
                        neighbours("toldAlone"),
                        "listener.p99-beside-a-sleeper",
                        Unit.NANOSECONDS,
                        neighbours("toldBeside"),
                        UNCHANGED),
                Figure.beside(
                        neighbours("appliedAlone"),
                        "apply.p99-beside-a-sleeper",
                        Unit.NANOSECONDS,
                        neighbours("appliedBeside"),
                        UNCHANGED));
    }

    private static List<Figure> arrivals() {
        return List.of(
                Figure.alone(
                        "arrival.p50",
                        Unit.NANOSECONDS,
                        Score.counter(EventToListener.class, "sendAndListen", "fiftieth"),
                        null),
                Figure.alone(
                        "arrival.p99",
                        Unit.NANOSECONDS,
                        Score.counter(EventToListener.class, "sendAndListen", "ninetyNinth"),
                        Goal.valueAtMost(50_000_000)));
    }

    private static List<Figure> etcd() {
        return List.of(
                Figure.alone(
                        "etcd.events",
                        Unit.PER_SECOND,
                        Score.counter(EtcdStoreSpeed.class, "startAndIngest", "anEvent"),
                        Goal.valueAtLeast(2_600)),
                Figure.alone(
                        "etcd.cold-start-50k",
                        Unit.NANOSECONDS,
                        Score.counter(EtcdStoreSpeed.class, "startAndIngest", "coldStart"),
                        Goal.valueAtMost(3e9)),
                freshJvm("etcd.fresh-jvm-50k.cpu", "Cpu", Goal.ratioAtMost(1.4)),
                freshJvm("etcd.fresh-jvm-50k.time", "Time", Goal.valueAtMost(3e9)));
    }

    /** A reader in a JVM of its own, beside a program that only fetches the same keys. */
    private static Figure freshJvm(String name, String cost, Goal goal) {
        return Figure.beside(
                Score.counter(ColdStart.class, "fetchAndRead", "fetch" + cost),
                name,
                Unit.NANOSECONDS,
                Score.counter(ColdStart.class, "fetchAndRead", "reader" + cost),
                goal);
    }

    private static Score neighbours(String counter) {
        return Score.counter(SlowListener.class, "follow", counter);
    }

    private static Map<String, String> tasks(int count) {
        return Map.of("tasks", Integer.toString(count));
    }
}
