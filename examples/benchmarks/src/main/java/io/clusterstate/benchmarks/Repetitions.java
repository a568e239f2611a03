package io.clusterstate.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Repeats a job with several subjects that alternate: until it is warm, and then for the result. */
final class Repetitions {

    private static final int LEAST_TO_WARM_UP = 2;
    private static final int LEAST = 5;
    private static final int MOST = 25;
    private static final Duration WARM_UP = Duration.ofMillis(1_500);
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final GrowthJob job;
    private final int size;
    private final List<String> subjects = new ArrayList<>();
    private final List<DoubleSupplier> works = new ArrayList<>();
    private int first;

    Repetitions(GrowthJob job, int size) {
        this.job = job;
        this.size = size;
    }

    /** Adds a subject, whose work measures and returns its own cost in the job's unit. */
    Repetitions add(String subject, DoubleSupplier work) {
        subjects.add(subject);
        works.add(work);
        return this;
    }

    /** Runs the subjects, at most for some seconds but for {@value #LEAST} times each, and prints the measurements. */
    void print() {
        repeat(WARM_UP, LEAST_TO_WARM_UP, Integer.MAX_VALUE);
        List<double[]> rounds = repeat(LIMIT, LEAST, MOST);
        for (int i = 0; i < subjects.size(); i++) {
            int subject = i;
            double[] costs =
                    rounds.stream().mapToDouble(round -> round[subject]).toArray();
            System.out.println(MeasurementJson.write(new Measurement(job, subjects.get(i), size, Spread.of(costs))));
        }
    }

    private List<double[]> repeat(Duration limit, int least, int most) {
        List<double[]> rounds = new ArrayList<>();
        long begun = System.nanoTime();
        while (rounds.size() < least || (rounds.size() < most && System.nanoTime() - begun < limit.toNanos())) {
            rounds.add(round());
        }
        return rounds;
    }

    /** Another subject begins each time, so that none always finds the processor's caches as the same one left them. */
    private double[] round() {
        double[] costs = new double[works.size()];
        IntStream.range(0, works.size())
                .map(i -> (first + i) % works.size())
                .forEach(i -> costs[i] = works.get(i).getAsDouble());
        first = (first + 1) % works.size();
        return costs;
    }
}
