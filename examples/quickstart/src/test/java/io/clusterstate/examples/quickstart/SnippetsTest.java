package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every Java block of the documents is a region of a test that passes. */
class SnippetsTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final List<Path> TESTS = List.of(
            Path.of("src/test/java/io/clusterstate/examples/quickstart/ReadmeExampleTest.java"),
            Path.of("src/test/java/io/clusterstate/examples/quickstart/ReadmeEtcdTest.java"),
            ROOT.resolve("css-memory/src/test/java/io/clusterstate/memory/ReadmeFakeTest.java"));
    private static final Pattern BLOCK =
            Pattern.compile("<!-- region: ([\\w-]+) -->\\s*```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REGION =
            Pattern.compile("// region: ([\\w-]+)\\n(.*?)\\s*// end: \\1", Pattern.DOTALL);

    @Test
    void theBlocksOfTheReadmeAreRegionsOfTests() throws IOException {
        Map<String, String> regions = new HashMap<>();
        for (Path test : TESTS) {
            regions.putAll(find(REGION, test));
        }
        String readme = Files.readString(ROOT.resolve("README.md"));
        Map<String, String> blocks = find(BLOCK, ROOT.resolve("README.md"));

        assertFalse(blocks.isEmpty());
        assertEquals(Pattern.compile("```java").matcher(readme).results().count(), blocks.size());
        blocks.forEach((name, block) -> assertEquals(regions.get(name), block, name));
    }

    private static Map<String, String> find(Pattern pattern, Path file) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2).stripIndent().strip());
        }
        return found;
    }
}
