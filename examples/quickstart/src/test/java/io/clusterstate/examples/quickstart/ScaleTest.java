package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of docs/scale.md follow from its inputs, by the formulas in {@link ScaleModel}. */
class ScaleTest {

    private static final List<String> HEADINGS =
            List.of("## Limits of one mirror, queue and etcd", "## Three set-ups", "## Costs");

    @Test
    void theTablesFollowFromTheInputs() throws IOException {
        String document = Files.readString(Documents.ROOT.resolve("docs/scale.md"));
        ScaleModel model = new ScaleModel(ScaleModel.inputs(document));

        List<String> expected = Stream.of(model.carried(), model.setUps(), model.costs())
                .map(rows -> String.join("\n", rows))
                .toList();

        assertEquals(String.join("\n\n", expected), String.join("\n\n", tables(document)));
    }

    /** The rows of the first table below each heading. */
    private static List<String> tables(String document) {
        return HEADINGS.stream()
                .map(heading -> document.substring(document.indexOf(heading))
                        .lines()
                        .dropWhile(line -> !line.startsWith("|"))
                        .takeWhile(line -> line.startsWith("|"))
                        .skip(2)
                        .toList())
                .map(rows -> String.join("\n", rows))
                .toList();
    }
}
