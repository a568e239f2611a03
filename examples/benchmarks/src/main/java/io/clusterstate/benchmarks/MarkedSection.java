package io.clusterstate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a Markdown file between two comments, which a program writes. */
final class MarkedSection {

    private static final String BEGIN = "<!-- growth: begin -->\n";
    private static final String END = "<!-- growth: end -->";

    private MarkedSection() {}

    /** Replaces the part of a file. */
    static void replace(Path file, String text) throws IOException {
        String page = Files.readString(file);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END, begin + BEGIN.length());
        if (begin < 0 || end < 0) {
            throw new IOException(file + ": no " + BEGIN.strip() + " before " + END + " (expected: both)");
        }
        Files.writeString(
                file, page.substring(0, begin + BEGIN.length()) + '\n' + text.strip() + "\n\n" + page.substring(end));
    }
}
