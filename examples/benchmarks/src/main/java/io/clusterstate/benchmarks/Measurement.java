package io.clusterstate.benchmarks;

/**
 * The cost of a job at a size.
 *
 * @param job the job
 * @param subject the program or data structure that did the job
 * @param size the number of tasks, subscribers or readers
 * @param cost the middle and the range of the repetitions, in the job's unit
 */
record Measurement(GrowthJob job, String subject, int size, Spread cost) {

    /** A cost that was measured once, or does not vary. */
    static Measurement once(GrowthJob job, String subject, int size, double cost) {
        return new Measurement(job, subject, size, Spread.of(cost));
    }

    /** Whether this is about the same job, subject and size, so that it replaces the other. */
    boolean replaces(Measurement other) {
        return job == other.job && size == other.size && subject.equals(other.subject);
    }
}
