package io.clusterstate.benchmarks;

import io.clusterstate.benchmarks.GrowthJob.Axis;
import io.clusterstate.benchmarks.chart.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the measurements as Markdown: the curves, and a table for each axis. */
final class GrowthTables {

    private final GrowthResults results;
    private final List<GrowthJob> drawn;
    private final String folder;

    /** Takes the jobs that have a curve, and the folder of the curves as the page names it. */
    GrowthTables(GrowthResults results, List<GrowthJob> drawn, String folder) {
        this.results = results;
        this.drawn = drawn;
        this.folder = folder;
    }

    /** The text of the section. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        for (Axis axis : Axis.values()) {
            List<GrowthJob> jobs = Stream.of(GrowthJob.values())
                    .filter(job -> job.axis() == axis && !results.of(job).isEmpty())
                    .toList();
            if (!jobs.isEmpty()) {
                text.append(table(axis, jobs)).append('\n');
            }
            jobs.stream().filter(drawn::contains).map(this::image).forEach(text::append);
        }
        return text.toString();
    }

    private String image(GrowthJob job) {
        return "![" + job.title() + ": " + job.cost() + ", by " + job.axis() + "](" + folder + "/" + job.key()
                + ".svg)\n\n";
    }

    private String table(Axis axis, List<GrowthJob> jobs) {
        List<Integer> sizes = jobs.stream()
                .flatMap(job -> results.of(job).stream())
                .map(Measurement::size)
                .distinct()
                .sorted()
                .toList();
        StringBuilder text = new StringBuilder("| job | subject |");
        sizes.forEach(size -> text.append(' ')
                .append(axis == Axis.NONE ? "measured" : Numbers.of(size) + " " + axis)
                .append(" |"));
        text.append("\n|---|---|").append("---|".repeat(sizes.size())).append('\n');
        jobs.forEach(job -> text.append(rows(job, sizes)));
        return text.toString();
    }

    private String rows(GrowthJob job, List<Integer> sizes) {
        StringBuilder text = new StringBuilder();
        for (String subject : results.subjects(job)) {
            String name = text.isEmpty() ? job.title() + ": " + job.cost() : "…";
            text.append("| ").append(name).append(" | ").append(subject);
            sizes.forEach(size -> text.append(" | ").append(cell(job, subject, size)));
            text.append(" |\n");
        }
        return text.toString();
    }

    /** The cost, and its ratio to that of the smallest size. */
    private String cell(GrowthJob job, String subject, int size) {
        List<Measurement> all = results.of(job).stream()
                .filter(each -> each.subject().equals(subject))
                .toList();
        Optional<Measurement> here =
                all.stream().filter(each -> each.size() == size).findFirst();
        return here.map(each -> {
                    String cost = Numbers.of(each.cost().median(), job.unit());
                    double ratio = each.cost().median() / all.get(0).cost().median();
                    return each.replaces(all.get(0)) ? cost : cost + String.format(Locale.ROOT, " (%.2f ×)", ratio);
                })
                .orElse("");
    }
}
