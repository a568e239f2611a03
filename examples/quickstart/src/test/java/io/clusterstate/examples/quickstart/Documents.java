package io.clusterstate.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The Markdown files of the project. */
final class Documents {

    static final Path ROOT = Path.of("..", "..");

    /** Built or fetched things, whose documents are not the project's. */
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

    private Documents() {}

    /** README.md, everything in docs, and the README of the simulator, which is a library too. */
    static List<Path> ofTheLibrary() throws IOException {
        var readmes = Set.of(ROOT.resolve("README.md"), ROOT.resolve("examples/simulator/README.md"));
        return all().stream()
                .filter(file -> readmes.contains(file) || file.startsWith(ROOT.resolve("docs")))
                .toList();
    }

    static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(Documents::isOurs)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isOurs(Path file) {
        for (Path part : file) {
            if (NOT_OURS.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }
}
