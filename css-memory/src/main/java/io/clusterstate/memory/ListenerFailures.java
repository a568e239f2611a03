package io.clusterstate.memory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The failures of a fake's listeners. Unless the test expects them, they fail the call that ran the listener.
 *
 * <p>Thread: safe for any thread.
 */
final class ListenerFailures {

    private record Failure(String subscription, Throwable thrown) {}

    private final List<Failure> all = new CopyOnWriteArrayList<>();
    private boolean areExpected;
    private int reported;

    void add(String subscription, Throwable thrown) {
        all.add(new Failure(subscription, thrown));
    }

    List<Throwable> all() {
        return all.stream().map(Failure::thrown).toList();
    }

    synchronized void expect() {
        areExpected = true;
    }

    /** Throws the failures that were not thrown yet, unless failures are expected. */
    synchronized void throwNew() {
        List<Failure> unreported = all.subList(reported, all.size());
        reported = all.size();
        throwAny(unreported);
    }

    /** Throws all failures, unless failures are expected. */
    synchronized void throwAll() {
        throwAny(all);
    }

    private void throwAny(List<Failure> failures) {
        if (!areExpected && !failures.isEmpty()) {
            throw asError(failures);
        }
    }

    private static AssertionError asError(List<Failure> failures) {
        Failure first = failures.get(0);
        AssertionError error = new AssertionError(
                first.subscription() + ": threw " + first.thrown() + " (expected: nothing, without expectFailures())",
                first.thrown());
        failures.stream().skip(1).forEach(more -> error.addSuppressed(more.thrown()));
        return error;
    }
}
