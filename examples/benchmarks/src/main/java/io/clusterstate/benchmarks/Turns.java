package io.clusterstate.benchmarks;

/**
 * The order of the subjects that one benchmark compares. At each invocation another subject begins, so that none always
 * finds the caches as the same neighbour left them. Thread: one thread at a time.
 */
final class Turns {

    private int first;

    /** Runs all subjects, one after the other. */
    void take(Runnable... subjects) {
        for (int i = 0; i < subjects.length; i++) {
            subjects[(first + i) % subjects.length].run();
        }
        first = (first + 1) % subjects.length;
    }
}
