package io.clusterstate.etcdserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Copies and deletes whole folders. */
public final class Folders {

    private Folders() {}

    /** Copies a folder to a place where nothing is. */
    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        for (Path each : contentOf(from)) {
            Files.copy(each, to.resolve(from.relativize(each)));
        }
    }

    /**
     * Deletes a folder with everything in it.
     *
     * @param folder an existing folder
     * @throws IOException if something in it cannot be deleted
     */
    public static void delete(Path folder) throws IOException {
        List<Path> content =
                contentOf(folder).stream().sorted(Comparator.reverseOrder()).toList();
        for (Path each : content) {
            Files.delete(each);
        }
    }

    /** The folder and everything in it, each folder before its files. */
    private static List<Path> contentOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }
}
