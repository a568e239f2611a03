package io.clusterstate.benchmarks;

import java.util.Map;

/**
 * A number that a benchmark measures.
 *
 * @param subject the benchmark's class
 * @param method the benchmark's method
 * @param params the values of the benchmark's parameters
 * @param part the name of the number among those of the benchmark
 */
record Score(Class<?> subject, String method, Map<String, String> params, String part) {

    /** The processor time of an operation, in nanoseconds. */
    static final String TIME = "nanoseconds";
    /** The allocation of an operation, in bytes. */
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
