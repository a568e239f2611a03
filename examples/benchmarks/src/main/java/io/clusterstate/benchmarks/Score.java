package io.clusterstate.benchmarks;

import java.util.Map;

/**
 * A number that a benchmark measures in each iteration.
 *
 * @param subject the benchmark's class
 * @param method the benchmark's method
 * @param params the values of the benchmark's parameters
 * @param counter the name of the number among those of the benchmark
 */
record Score(Class<?> subject, String method, Map<String, String> params, String counter) {

    static Score of(Class<?> subject, String method, String counter) {
        return new Score(subject, method, Map.of(), counter);
    }

    /** The benchmark, as JMH names it. */
    String benchmark() {
        return subject.getName() + '.' + method;
    }
}
