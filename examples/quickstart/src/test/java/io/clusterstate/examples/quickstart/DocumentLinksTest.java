package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every relative link of the documents leads to a file, and every anchor to a heading. */
class DocumentLinksTest {

    private static final Pattern CODE = Pattern.compile("```.*?```|`[^`\\n]*`|<!--.*?-->", Pattern.DOTALL);
    private static final Pattern LINK =
            Pattern.compile("\\]\\(([^)\\s]+)\\)|^\\[[^\\]]+\\]: (\\S+)$", Pattern.MULTILINE);
    private static final Pattern ABSOLUTE = Pattern.compile("[a-z]+:.*");
    private static final Pattern HEADING = Pattern.compile("^#+ +(.*)$", Pattern.MULTILINE);

    @Test
    void relativeLinksLeadSomewhere() throws IOException {
        List<Path> documents = Documents.all();
        List<String> broken = new ArrayList<>();
        int links = 0;

        for (Path document : documents) {
            Matcher link = LINK.matcher(CODE.matcher(Files.readString(document)).replaceAll(" "));
            while (link.find()) {
                String target = link.group(1) != null ? link.group(1) : link.group(2);
                if (!ABSOLUTE.matcher(target).matches()) {
                    links++;
                    if (!leadsSomewhere(document, target)) {
                        broken.add(document + ": " + target);
                    }
                }
            }
        }

        assertEquals(List.of(), broken);
        assertTrue(documents.contains(Documents.ROOT.resolve("README.md")));
        assertTrue(links > 20, "links: " + links + " (expected: more, or the pattern misses them)");
    }

    @Test
    void eachExampleIsInTheListOfExamples() throws IOException {
        Path examples = Documents.ROOT.resolve("examples");
        String list = Files.readString(examples.resolve("README.md"));
        try (Stream<Path> poms = Files.find(examples, 2, (file, kind) -> file.endsWith("pom.xml"))) {
            assertEquals(
                    List.of(),
                    poms.map(Path::getParent)
                            .filter(example -> !example.equals(examples))
                            .map(example -> "](" + example.getFileName() + "/")
                            .filter(link -> !list.contains(link))
                            .sorted()
                            .toList());
        }
    }

    private static boolean leadsSomewhere(Path document, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path document) throws IOException {
        Set<String> anchors = new TreeSet<>();
        Map<String, Integer> seen = new HashMap<>();
        String text = Pattern.compile("```.*?```", Pattern.DOTALL)
                .matcher(Files.readString(document))
                .replaceAll("");
        Matcher heading = HEADING.matcher(text);
        while (heading.find()) {
            String anchor = heading.group(1)
                    .strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\w\\- ]", "")
                    .replace(' ', '-');
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        }
        return anchors;
    }
}
