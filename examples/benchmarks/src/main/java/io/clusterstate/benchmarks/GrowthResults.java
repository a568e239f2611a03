package io.clusterstate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The measurements in a file of JSON lines. A new measurement replaces that of its job, subject and size. */
final class GrowthResults {

    private final Path file;
    private final List<Measurement> all;

    private GrowthResults(Path file, List<Measurement> all) {
        this.file = file;
        this.all = all;
    }

    /** Reads the file, if there is one. */
    static GrowthResults in(Path directory) throws IOException {
        Path file = directory.resolve("growth.jsonl");
        List<Measurement> all = new ArrayList<>();
        if (Files.exists(file)) {
            Files.readAllLines(file).stream().map(MeasurementJson::read).forEach(all::add);
        }
        return new GrowthResults(file, all);
    }

    /** Adds measurements and writes the file. */
    void add(List<Measurement> measured) throws IOException {
        for (Measurement one : measured) {
            all.removeIf(one::replaces);
            all.add(one);
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, sorted().map(MeasurementJson::write).toList());
    }

    private Stream<Measurement> sorted() {
        return all.stream()
                .sorted(Comparator.comparing(Measurement::job)
                        .thenComparing(Measurement::subject)
                        .thenComparing(Measurement::size));
    }

    /** The measurements of a job, by size. */
    List<Measurement> of(GrowthJob job) {
        return sorted().filter(each -> each.job() == job).toList();
    }

    /** The subjects of a job, with the library first. */
    Set<String> subjects(GrowthJob job) {
        return of(job).stream()
                .map(Measurement::subject)
                .sorted(Comparator.comparing((String subject) -> !subject.startsWith("css")))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
