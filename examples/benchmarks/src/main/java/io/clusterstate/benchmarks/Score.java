package io.clusterstate.benchmarks;

import java.util.Map;

/**
 * One number that a benchmark brings.
 *
 * @param subject the benchmark's class
 * @param method its method
 * @param params with which parameters
 * @param part which of the numbers
 */
record Score(Class<?> subject, String method, Map<String, String> params, String part) {

    /** How long an operation keeps the processor, in nanoseconds. */
    static final String TIME = "nanoseconds";
    /** How much an operation allocates, in bytes. */
    static final String ALLOCATION = "bytes";

    static Score time(Class<?> subject, String method, Map<String, String> params) {
        return new Score(subject, method, params, TIME);
    }

    static Score allocation(Class<?> subject, String method, Map<String, String> params) {
        return new Score(subject, method, params, ALLOCATION);
    }

    static Score counter(Class<?> subject, String method, String counter) {
        return new Score(subject, method, Map.of(), counter);
    }

    /** The benchmark, as JMH names it. */
    String benchmark() {
        return subject.getName() + '.' + method;
    }
}
