package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The promises of README.md, of docs/guarantees.md, and of the tests that prove them are the same. */
class PromisesTest {

    private static final Pattern GUARANTEE =
            Pattern.compile("^## (\\d+)\\. [^\\n]*\\n\\n\\*\\*(.*?)\\*\\*", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern IN_README =
            Pattern.compile("^(\\d+)\\. (.*?)(?=\\n\\d+\\. |\\n\\n)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern PROOF = Pattern.compile("@Promise\\(\\{?([\\d, ]+)\\}?\\)");

    @Test
    void theReadmeHasTheSentencesOfTheGuarantees() throws IOException {
        String readme = Files.readString(Documents.ROOT.resolve("README.md"));
        String chapter = readme.substring(readme.indexOf("\n## Guarantees\n"), readme.indexOf("\n## Figures\n"));

        assertEquals(guarantees(), sentences(IN_README, chapter));
    }

    @Test
    void everyPromiseHasATestAndNoTestNamesAnother() throws IOException {
        assertEquals(guarantees().keySet(), proven());
    }

    private static Map<Integer, String> guarantees() throws IOException {
        return sentences(GUARANTEE, Files.readString(Documents.ROOT.resolve("docs/guarantees.md")));
    }

    private static Map<Integer, String> sentences(Pattern pattern, String text) {
        Map<Integer, String> sentences = new TreeMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            sentences.put(Integer.valueOf(matcher.group(1)), matcher.group(2).replaceAll("\\s+", " "));
        }
        return sentences;
    }

    private static Set<Integer> proven() throws IOException {
        Set<Integer> numbers = new TreeSet<>();
        for (Path test : tests()) {
            Matcher proof = PROOF.matcher(Files.readString(test));
            while (proof.find()) {
                for (String number : proof.group(1).split(",", -1)) {
                    numbers.add(Integer.valueOf(number.strip()));
                }
            }
        }
        return numbers;
    }

    private static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Documents.ROOT)) {
            return files.filter(file -> file.toString().matches(".*/src/test/java/.*\\.java"))
                    .toList();
        }
    }
}
