package io.clusterstate.examples.concurrency;

/** A store of two tasks for a single thread, as the version rule wants it. It names its operations as the stores do. */
public final class VersionsInOrder {

    private final long[] present = new long[2];
    private final long[] removed = new long[2];

    public String put(int task, int version) {
        if (version <= removed[task]) {
            return "OUTDATED";
        }
        if (version <= present[task]) {
            return version == present[task] ? "DUPLICATE" : "OUTDATED";
        }
        String outcome = present[task] > 0 ? "UPDATED" : "ADDED";
        present[task] = version;
        removed[task] = 0;
        return outcome;
    }

    public String putBoth(int version) {
        return put(0, version) + " and " + put(1, version);
    }

    public String remove(int task, int version) {
        if (version < present[task]) {
            return "OUTDATED";
        }
        String outcome = present[task] > 0 ? "REMOVED" : "DUPLICATE";
        present[task] = 0;
        removed[task] = Math.max(removed[task], version);
        return outcome;
    }

    public String readBoth() {
        return present[0] + " and " + present[1];
    }

    public long find(int task) {
        return present[task];
    }
}
