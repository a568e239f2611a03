package io.clusterstate.examples.quickstart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The formulas of docs/scale.md. */
final class ScaleModel {

    private static final Pattern INPUT = Pattern.compile("^\\| `([^`]+)` \\| \\$?([0-9.,]+)", Pattern.MULTILINE);
    private static final double HOUR = 3_600;
    private static final double MONTH = 730 * HOUR;
    private static final double GIB = 1L << 30;

    /**
     * A set-up.
     *
     * @param places the pairs of an account and a Region, over which clusters and tasks are spread evenly
     * @param instances container instances of a cluster; 0 on Fargate
     * @param services services of a cluster
     * @param etcds the number of separate etcds of three members; 0 with memory stores
     * @param mirrors the processes that mirror; with etcd, two for each etcd
     * @param vcpus of such a process
     * @param memory of such a process, in GB
     * @param readers the processes that read from etcd, each of them everything
     */
    private record SetUp(
            double places,
            double clusters,
            double tasks,
            double instances,
            double services,
            double etcds,
            double mirrors,
            double vcpus,
            double memory,
            double readers) {}

    private static final List<SetUp> SET_UPS = List.of(
            new SetUp(1, 10, 500, 5, 10, 0, 1, 0.25, 0.5, 0),
            new SetUp(1, 1_000, 50_000, 5, 10, 1, 2, 1, 2, 10),
            new SetUp(10, 100_000, 1_000_000, 0, 2, 5, 10, 2, 8, 10));

    private final Map<String, Double> inputs;

    ScaleModel(Map<String, Double> inputs) {
        this.inputs = inputs;
    }

    /** The inputs of a document, by name. */
    static Map<String, Double> inputs(String document) {
        Map<String, Double> inputs = new HashMap<>();
        Matcher input = INPUT.matcher(document);
        while (input.find()) {
            inputs.put(input.group(1), Double.valueOf(input.group(2).replace(",", "")));
        }
        return inputs;
    }

    private double in(String name) {
        return Objects.requireNonNull(inputs.get(name), name);
    }

    List<String> carried() {
        double sole = in("interval") * 60 * rate(false);
        double leader = in("interval") * 60 * rate(true);
        double inEtcd = bytesOfTask();
        return List.of(
                row("account and Region, one mirror: clusters on Fargate", count(sole / callsOfCluster(100, 0))),
                row("… clusters on instances", count(sole / callsOfCluster(100, 1))),
                row("… tasks in large clusters", count(sole / 2 * in("page"))),
                row("… a leader on etcd: clusters on Fargate", count(leader / callsOfCluster(100, 0))),
                row("… tasks in large clusters", count(leader / 2 * in("page"))),
                row("mirror with a memory store: events a second", count(in("events to memory"))),
                row("… on etcd: events a second", count(in("events to etcd"))),
                row("queue: hints a second while ECS is out", count(in("in flight") / in("visibility"))),
                row("etcd with the quota of 2 GiB: tasks", count(2 * GIB / inEtcd)),
                row("… of 8 GiB: tasks", count(8 * GIB / inEtcd)),
                row("… with 100 writes a second: readers, by its processor", count(1_000 / in("etcd a reader") / 100)),
                row("heap of 4 GiB, half of it the state: tasks", count(2 * GIB / heapOfTask())));
    }

    List<String> setUps() {
        return List.of(
                row("accounts × Regions", s -> s.places, "%,.0f"),
                row("clusters, in all", s -> s.clusters, "%,.0f"),
                row("tasks, in all", s -> s.tasks, "%,.0f"),
                row("events a second, in all", this::events, "%,.2f"),
                row("calls of a round, in each account and Region", this::calls, "%,.0f"),
                row("a round, and the first load: minutes", s -> round(s) / 60, "%,.0f"),
                row("age of the freshness at worst: minutes", this::age, "%,.0f"),
                row("retained heap of a process that holds all: MiB", s -> s.tasks * heapOfTask() / (1 << 20), "%,.1f"),
                row("size of each etcd: MiB", s -> sizeOfEtcd(s) / (1 << 20), "%,.0f"),
                row("… part of the quota of 2 GiB", s -> 100 * sizeOfEtcd(s) / (2 * GIB), "%,.0f %%"),
                row("from etcd to all readers: kB a second", s -> toReaders(s) / 1_000, "%,.0f"),
                row("requests to SQS a month: million", s -> requests(s) / 1e6, "%,.1f"));
    }

    List<String> costs() {
        List<String> rows = new ArrayList<>();
        rows.add(row("queues", this::queueCost, "$%,.2f"));
        rows.add(row("events", s -> 0, "$%,.2f"));
        rows.add(row("mirrors, on Fargate", this::mirrorCost, "$%,.2f"));
        rows.add(row("etcd, three members each", this::etcdCost, "$%,.2f"));
        rows.add(row("between Availability Zones and Regions", this::transferCost, "$%,.2f"));
        rows.add(row("together", this::cost, "$%,.0f"));
        rows.add(row("… for 1,000 tasks", s -> cost(s) / s.tasks * 1_000, "$%,.2f"));
        return rows;
    }

    /** Calls a second about tasks and instances. */
    private double rate(boolean onEtcd) {
        return in("rate") * in("share") * (onEtcd ? in("leader") : 1);
    }

    private double pages(double things) {
        return Math.ceil(things / in("page"));
    }

    /** Lists of running and of stopped tasks and of instances, of which each costs a call if it is empty, too. */
    private double callsOfCluster(double tasks, double instances) {
        return Math.max(1, pages(tasks)) + 1 + pages(tasks) + Math.max(1, pages(instances)) + pages(instances);
    }

    private double calls(SetUp s) {
        return s.clusters / s.places * callsOfCluster(s.tasks / s.clusters, s.instances);
    }

    private double round(SetUp s) {
        return Math.max(0, calls(s) - in("burst") * in("share")) / rate(s.etcds > 0);
    }

    private double age(SetUp s) {
        return Math.max(in("interval"), round(s) / 60) + in("allowance");
    }

    private double events(SetUp s) {
        return s.tasks / (in("life") * HOUR) * in("values");
    }

    /** With the tombstones of the tasks that stopped within a day. */
    private double heapOfTask() {
        return 1_024 * (in("heap of a task") + in("heap of a tombstone") * 24 / in("life"));
    }

    /** With its tombstones, and its changes until etcd compacts them. */
    private double bytesOfTask() {
        double tombstones = in("tombstone in etcd") * 24 / in("life");
        double history = in("values") * in("task in etcd") * in("history") * 60 / (in("life") * HOUR);
        return 1_000 * (in("task in etcd") + tombstones + history);
    }

    private double sizeOfEtcd(SetUp s) {
        return s.etcds == 0
                ? 0
                : (s.tasks * bytesOfTask() + s.clusters * s.services * in("service in etcd") * 1_000) / s.etcds;
    }

    private double written(SetUp s) {
        return s.etcds == 0 ? 0 : events(s) * in("task in etcd") * 1_000;
    }

    /** The mirrors of an etcd watch it as well. */
    private double toReaders(SetUp s) {
        return written(s) * (s.readers + 2);
    }

    /** One send, and a receive and a delete of one event each, since a quiet queue gives no more; and empty polls. */
    private double requests(SetUp s) {
        double queues = s.places;
        double pollers = s.etcds > 0 ? 2 : 1;
        return events(s) * MONTH * 3 + queues * pollers * MONTH / in("poll");
    }

    private double queueCost(SetUp s) {
        return requests(s) / 1e6 * in("SQS, million requests");
    }

    private double mirrorCost(SetUp s) {
        return s.mirrors * 730 * (s.vcpus * in("Fargate, vCPU-hour") + s.memory * in("Fargate, GB-hour"));
    }

    private double etcdCost(SetUp s) {
        return s.etcds * 3 * (730 * in("m7g.large, hour") + 20 * in("gp3, GB-month"));
    }

    /** A member serves the readers of its own zone for nothing; a GB to other zones and Regions costs the same. */
    private double transferCost(SetUp s) {
        double replicated = written(s) * 2;
        double away = s.etcds == 0 ? 0 : 1 - 1 / (3 * s.etcds);
        double gigabytes = (replicated + toReaders(s) * away) * MONTH / 1e9;
        return gigabytes * 2 * in("between zones, GB each way");
    }

    private double cost(SetUp s) {
        return queueCost(s) + mirrorCost(s) + etcdCost(s) + transferCost(s);
    }

    private static String row(String what, ToDoubleFunction<SetUp> figure, String format) {
        List<String> cells = SET_UPS.stream()
                .map(s -> String.format(Locale.ROOT, format, figure.applyAsDouble(s)))
                .toList();
        return row(what, String.join(" | ", cells));
    }

    private static String row(String what, String cells) {
        return "| " + what + " | " + cells + " |";
    }

    /** Two significant digits, rounded down: a limit, and no promise. */
    private static String count(double limit) {
        double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(limit)) - 1));
        return String.format(Locale.ROOT, "%,.0f", Math.floor(limit / unit) * unit);
    }
}
