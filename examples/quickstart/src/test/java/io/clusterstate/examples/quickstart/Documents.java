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

    /** README.md and everything in docs. */
    static List<Path> ofTheLibrary() throws IOException {
        return all().stream()
                .filter(file -> file.equals(ROOT.resolve("README.md")) || file.startsWith(ROOT.resolve("docs")))
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
