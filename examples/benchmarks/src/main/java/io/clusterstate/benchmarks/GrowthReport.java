package io.clusterstate.benchmarks;

import io.clusterstate.benchmarks.GrowthJob.Axis;
import io.clusterstate.benchmarks.chart.Chart;
import io.clusterstate.benchmarks.chart.ChartSvg;
import io.clusterstate.benchmarks.chart.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Draws the measured jobs as curves, one file for each. */
final class GrowthReport {

    private final GrowthResults results;

    GrowthReport(GrowthResults results) {
        this.results = results;
    }

    /** The jobs that have a curve: those that were measured at two sizes or more. */
    List<GrowthJob> drawn() {
        return Stream.of(GrowthJob.values())
                .filter(job -> job.axis() != Axis.NONE)
                .filter(job -> results.of(job).stream()
                                .mapToInt(Measurement::size)
                                .distinct()
                                .count()
                        > 1)
                .toList();
    }

    /** Writes the files, such as {@code lookup.svg}. */
    void draw(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (GrowthJob job : drawn()) {
            Files.writeString(directory.resolve(job.key() + ".svg"), ChartSvg.of(chart(job)));
        }
    }

    private Chart chart(GrowthJob job) {
        List<Chart.Curve> curves = results.subjects(job).stream()
                .map(subject -> new Chart.Curve(subject, points(job, subject)))
                .toList();
        return new Chart(
                job.title(),
                description(job),
                job.axis().toString(),
                job.cost(),
                value -> Numbers.of(value, job.unit()),
                curves);
    }

    private List<Chart.Point> points(GrowthJob job, String subject) {
        return ofSubject(job, subject)
                .map(each -> new Chart.Point(
                        each.size(),
                        each.cost().p10(),
                        each.cost().median(),
                        each.cost().p90()))
                .toList();
    }

    private Stream<Measurement> ofSubject(GrowthJob job, String subject) {
        return results.of(job).stream().filter(each -> each.subject().equals(subject));
    }

    /** The first and the last value of each curve, in words. */
    private String description(GrowthJob job) {
        StringBuilder text = new StringBuilder(job.cost() + ", by " + job.axis() + ".");
        for (String subject : results.subjects(job)) {
            List<Measurement> curve = ofSubject(job, subject).toList();
            Measurement last = curve.get(curve.size() - 1);
            text.append(' ').append(subject).append(": from ").append(at(curve.get(0)));
            text.append(" to ").append(at(last)).append('.');
        }
        return text.toString();
    }

    private static String at(Measurement measurement) {
        return Numbers.of(measurement.cost().median(), measurement.job().unit()) + " at "
                + Numbers.of(measurement.size());
    }
}
