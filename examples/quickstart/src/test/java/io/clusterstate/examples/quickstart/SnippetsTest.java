package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every block of code in the documents is a region of a test that passes, or a whole file. */
class SnippetsTest {

    private static final int LONGEST_RECIPE = 12;
    private static final Pattern MARKED_BLOCK =
            Pattern.compile("<!-- (region|file): (\\S+) -->\\s*```\\w+\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CODE_BLOCK = Pattern.compile("^```(java|xml|groovy|properties)$", Pattern.MULTILINE);
    private static final Pattern REGION =
            Pattern.compile("// region: ([\\w-]+)\\n(.*?)\\s*// end: \\1", Pattern.DOTALL);

    @Test
    void blocksOfCodeAreRegionsOfTestsOrWholeFiles() throws IOException {
        Map<String, String> regions = regions();

        for (Path document : Documents.ofTheLibrary()) {
            String text = Files.readString(document);
            int marked = 0;
            Matcher block = MARKED_BLOCK.matcher(text);
            while (block.find()) {
                String name = block.group(2);
                boolean isRegion = block.group(1).equals("region");
                String source = isRegion ? regions.get(name) : Files.readString(Documents.ROOT.resolve(name));
                assertEquals(strip(source), strip(block.group(3)), document + ": " + name);
                long lines = block.group(3).lines().count();
                assertTrue(!isRegion || lines <= LONGEST_RECIPE, () -> document + ": " + name + " has " + lines);
                marked++;
            }
            assertEquals(CODE_BLOCK.matcher(text).results().count(), marked, document + ": blocks without a mark");
        }
    }

    private static Map<String, String> regions() throws IOException {
        Map<String, String> regions = new HashMap<>();
        for (Path test : tests()) {
            Matcher region = REGION.matcher(Files.readString(test));
            while (region.find()) {
                assertNull(
                        regions.put(region.group(1), region.group(2)),
                        test + ": " + region.group(1) + " is twice there");
            }
        }
        return regions;
    }

    private static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Documents.ROOT)) {
            return files.filter(file -> file.toString().matches(".*/src/test/java/.*Readme\\w*Test\\.java"))
                    .toList();
        }
    }

    private static String strip(String code) {
        return code == null ? "no such region" : code.stripIndent().strip();
    }
}
