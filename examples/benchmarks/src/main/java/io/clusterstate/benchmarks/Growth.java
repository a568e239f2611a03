package io.clusterstate.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Measures the growth step by step, reports the progress on standard error, and writes the results. */
final class Growth {

    private final Path directory;
    private final GrowthResults results;

    private Growth(Path directory) throws IOException {
        this.directory = directory;
        this.results = GrowthResults.in(directory);
    }

    /** Measures, keeps each result at once, and draws at the end. A failed step is reported and passed over. */
    static boolean measure(Path directory, List<GrowthPlan.Step> steps) throws IOException, InterruptedException {
        Growth growth = new Growth(directory);
        long begun = System.nanoTime();
        boolean isWhole = true;
        for (int i = 0; i < steps.size(); i++) {
            GrowthPlan.Step step = steps.get(i);
            System.err.printf(Locale.ROOT, "%s step %d of %d: %s%n", elapsed(begun), i + 1, steps.size(), step.label());
            try {
                growth.results.add(step.work().run());
            } catch (IllegalStateException | IllegalArgumentException e) {
                isWhole = false;
                System.err.println("benchmarks: " + step.label() + ": " + e.getMessage());
            }
        }
        System.err.println(elapsed(begun) + " done");
        return isWhole;
    }

    private static String elapsed(long begun) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
        return String.format(Locale.ROOT, "[%02d:%02d]", elapsed.toMinutes(), elapsed.toSecondsPart());
    }

    /** Draws the results of a directory, and writes the tables into a page or to standard output. */
    static void draw(Path directory, @Nullable Path page) throws IOException {
        Growth growth = new Growth(directory);
        GrowthReport report = new GrowthReport(growth.results);
        report.draw(growth.directory);
        Path folder = page == null ? directory : folderOfCurves(page, directory);
        String markdown = new GrowthTables(growth.results, report.drawn(), folder.toString()).markdown();
        if (page == null) {
            System.out.print(markdown);
        } else {
            MarkedSection.replace(page, markdown);
        }
    }

    /** The directory as the page names it. */
    private static Path folderOfCurves(Path page, Path directory) {
        Path parent = page.toAbsolutePath().getParent();
        return parent == null ? directory : parent.relativize(directory.toAbsolutePath());
    }
}
