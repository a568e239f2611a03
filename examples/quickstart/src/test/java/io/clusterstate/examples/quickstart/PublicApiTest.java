package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The public API against the file of this minor version, and each file against that of the minor version before. */
class PublicApiTest {

    private static final Path FILES = Documents.ROOT.resolve("docs/api");
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>css-parent</artifactId>\\s*<version>(\\d+\\.\\d+)\\.");

    @Test
    void theApiIsTheOneThatIsWrittenDown() throws Exception {
        Path file = FILES.resolve(minorVersion() + ".txt");
        List<String> now = PublicApi.now().lines();
        if (Boolean.getBoolean("css.api.renew")) {
            Files.write(file, now);
        }
        List<String> written = Files.exists(file) ? Files.readAllLines(file) : List.of();

        Set<String> differences = new TreeSet<>();
        now.stream().filter(line -> !written.contains(line)).forEach(line -> differences.add("+ " + line));
        written.stream().filter(line -> !now.contains(line)).forEach(line -> differences.add("- " + line));

        assertEquals(Set.of(), differences, file + " (expected: the API; -Dcss.api.renew=true writes the file)");
        assertEquals(written, now);
    }

    @Test
    void everyBreakOfAnEarlierMinorVersionHasAReason() throws IOException {
        String reasons = Files.readString(FILES.resolve("breaks.md"));
        Set<String> withoutReason = new TreeSet<>();
        List<Path> files = filesByVersion();
        for (int i = 1; i < files.size(); i++) {
            PublicApi earlier = PublicApi.parse(Files.readAllLines(files.get(i - 1)));
            earlier.brokenBy(PublicApi.parse(Files.readAllLines(files.get(i)))).stream()
                    .filter(broken -> !reasons.contains("- `" + broken + "`: "))
                    .forEach(withoutReason::add);
        }

        assertEquals(Set.of(), withoutReason, "breaks.md (expected: a line \"- `signature`: reason\" for each)");
    }

    @Test
    void aSignatureThatIsGoneAndANewAbstractMethodAreBreaks() {
        PublicApi earlier = PublicApi.parse(List.of(
                "public interface x.View {",
                "  public abstract long revision();",
                "  public default long size();",
                "}",
                "public final class x.Gone {",
                "}"));
        PublicApi later = PublicApi.parse(List.of(
                "public interface x.View {",
                "  public abstract int revision();",
                "  public default long size();",
                "  public default long more();",
                "}",
                "public final class x.New {",
                "}"));

        assertEquals(
                Set.of(
                        "public final class x.Gone",
                        "x.View: public abstract int revision()",
                        "x.View: public abstract long revision()"),
                earlier.brokenBy(later));
        assertEquals(Set.of(), later.brokenBy(later));
    }

    @Test
    void typesThatNobodyCanNameAreNoApi() {
        assertEquals(
                List.of("public final class x.A", "  public void f()"),
                PublicApi.parse(List.of(
                                "Compiled from \"A.java\"",
                                "public final class x.A {",
                                "  public void f();",
                                "}",
                                "Compiled from \"B.java\"",
                                "final class x.B {",
                                "  public void g();",
                                "}",
                                "Compiled from \"B.java\"",
                                "public static final class x.B$Inner {",
                                "  public void h();",
                                "}"))
                        .lines());
    }

    private static String minorVersion() throws IOException {
        Matcher version = VERSION.matcher(Files.readString(Documents.ROOT.resolve("pom.xml")));
        return version.find() ? version.group(1) : "?";
    }

    private static List<Path> filesByVersion() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted(Comparator.comparing(PublicApiTest::number))
                    .toList();
        }
    }

    /** Of 0.10 after 0.9. */
    private static int number(Path file) {
        String[] parts = file.getFileName().toString().split("\\.", -1);
        return Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
    }
}
