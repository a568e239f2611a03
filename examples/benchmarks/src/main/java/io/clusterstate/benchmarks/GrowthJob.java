package io.clusterstate.benchmarks;

import java.util.Arrays;

/**
 * A job whose cost is measured at several sizes. Each cost is divided by the job's work, so that it stays level unless
 * it grows faster than the work.
 */
enum GrowthJob {
    LOOKUP("lookup", Axis.TASKS, "Look up a task by ARN", "ns", "time of a lookup"),
    QUERY_FEW("query-few", Axis.TASKS, "Query by cluster and status, 10 found", "ns", "time of a query"),
    QUERY_SHARE("query-share", Axis.TASKS, "Query by cluster and status, 1 % found", "ns", "time of a found task"),
    PUBLISH("publish", Axis.TASKS, "Publish one change of status", "ns", "time of a change"),
    BATCH_100("batch-100", Axis.TASKS, "Apply 100 changes of status together", "ns", "time of a change"),
    BATCH_1000("batch-1000", Axis.TASKS, "Apply 1,000 changes of status together", "ns", "time of a change"),
    INITIAL("initial", Axis.TASKS, "Give a new listener all tasks", "ns", "time of a task"),
    RESET("reset", Axis.TASKS, "Reset a listener, of which 1 % has changed", "ns", "time of a changed task"),
    HOUSEKEEPING("housekeeping", Axis.TASKS, "Look for ended tasks to remove, none due", "ns", "time of a look"),
    RECONCILE_CALLS(
            "reconcile-calls", Axis.TASKS, "Calls of a reconcile", "×", "calls, beside the fewest possible calls"),
    RECONCILE_TIME("reconcile-time", Axis.TASKS, "Reconcile without drift", "ns", "processor time of a task"),
    ETCD_LOAD("etcd-load", Axis.TASKS, "Load a reader from etcd, in a warm JVM", "ns", "time of a task"),
    HEAP("heap", Axis.TASKS, "Retained heap", "B", "heap of a task"),
    LEAST_HEAP("least-heap", Axis.TASKS, "Least heap that holds the tasks, by trial", "MB", "-Xmx"),
    SUBSCRIBERS_RATE("subscribers-rate", Axis.SUBSCRIBERS, "Changes that reach all subscribers", "1/s", "changes"),
    SUBSCRIBERS_LAG("subscribers-lag", Axis.SUBSCRIBERS, "p99 until the last subscriber has a change", "ns", "time"),
    SUBSCRIBERS_CPU(
            "subscribers-cpu",
            Axis.SUBSCRIBERS,
            "Processor time of a change for all subscribers",
            "ns",
            "time of a change"),
    READERS_RATE("readers-rate", Axis.READERS, "Events into etcd beside readers", "1/s", "events"),
    READERS_LAG("readers-lag", Axis.READERS, "p99 until the last reader has a batch of ten", "ns", "time"),
    READERS_EGRESS("readers-egress", Axis.READERS, "Bytes that etcd sends", "B", "bytes of an event, to each follower"),
    END_TO_END("end-to-end", Axis.NONE, "From a queue server to the store", "1/s", "events"),
    END_TO_END_RATIO("end-to-end-ratio", Axis.NONE, "… beside the bare loop of the round", "×", "rate"),
    END_TO_END_CPU("end-to-end-cpu", Axis.NONE, "… processor time", "ns", "time of an event");

    /** The number that grows. */
    enum Axis {
        TASKS("tasks"),
        SUBSCRIBERS("subscribers"),
        READERS("readers"),
        NONE("");

        private final String label;

        Axis(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private final String key;
    private final Axis axis;
    private final String title;
    private final String unit;
    private final String cost;

    GrowthJob(String key, Axis axis, String title, String unit, String cost) {
        this.key = key;
        this.axis = axis;
        this.title = title;
        this.unit = unit;
        this.cost = cost;
    }

    static GrowthJob of(String key) {
        return Arrays.stream(values())
                .filter(job -> job.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "job: " + key + " (expected: one of " + Arrays.toString(values()) + ")"));
    }

    /** The name in options, results and files. */
    String key() {
        return key;
    }

    Axis axis() {
        return axis;
    }

    String title() {
        return title;
    }

    /** The unit of a measurement; times are in nanoseconds. */
    String unit() {
        return unit;
    }

    /** The measured cost, in words. */
    String cost() {
        return cost;
    }

    @Override
    public String toString() {
        return key;
    }
}
