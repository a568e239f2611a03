package io.clusterstate.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The metadata of the properties, which the compiler writes for IDEs, and the tables in docs/spring-boot.md. */
class PropertiesTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(css\\.[a-z.-]+)` \\|");

    private static Map<String, String> descriptions() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (URL each : Collections.list(
                PropertiesTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = each.openStream()) {
                for (JsonNode property : new JsonMapper().readTree(in).get("properties")) {
                    found.put(
                            property.get("name").asString(),
                            property.path("description").asString(""));
                }
            }
        }
        found.keySet().removeIf(name -> !name.startsWith("css."));
        return found;
    }

    @Test
    void everyPropertyHasADescription() throws IOException {
        assertThat(descriptions()).containsKeys("css.queue", "css.memory.keep-ended", "css.etcd.endpoints");
        assertThat(descriptions().values()).allSatisfy(each -> assertThat(each).endsWith("."));
    }

    @Test
    void theDocumentListsEveryProperty() throws IOException {
        String document = Files.readString(Path.of("..", "..", "docs", "spring-boot.md"));
        assertThat(ROW.matcher(document).results().map(row -> row.group(1)).collect(Collectors.toSet()))
                .isEqualTo(descriptions().keySet());
    }
}
