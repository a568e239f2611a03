package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published artifacts, as the poms and README.md name them. */
class ArtifactsTest {

    private static final String BOM = "css-bom";
    private static final Pattern OWN_NAME = Pattern.compile("</parent>\\s*<artifactId>([^<]+)</artifactId>");
    private static final Pattern MANAGED = Pattern.compile("<groupId>io.clusterstate</groupId>\\s*"
            + "<artifactId>([^<]+)</artifactId>\\s*<version>\\$\\{project.version}</version>\\s*</dependency>");

    @Test
    void theBomHasEveryPublishedModule() throws IOException {
        Set<String> published = new TreeSet<>();
        for (Path pom : poms()) {
            String text = Files.readString(pom);
            if (text.contains("<css.unpublished>false</css.unpublished>")) {
                published.addAll(all(OWN_NAME, text));
            }
        }
        published.remove(BOM);

        assertEquals(
                published,
                new TreeSet<>(all(MANAGED, read(BOM + "/pom.xml").replaceFirst("(?s)<parent>.*</parent>", ""))));
        assertEquals(published, new TreeSet<>(PublicApi.moduleNames()));
    }

    @Test
    void theReadmeHasTheVersionsThatAreTested() throws IOException {
        String least = read("examples/versions/pom.xml");
        String builtWith = read("pom.xml");
        String newest = read("examples/versions/newest/pom.xml");
        String readme = read("README.md");
        List<String> expected = new ArrayList<>();
        for (String library : List.of("aws", "jackson", "caffeine", "micrometer", "slf4j")) {
            expected.add(property(library.equals("aws") ? "least.aws" : "tried." + library, least) + " | "
                    + property(library + ".version", builtWith) + " | " + property("tried." + library, newest));
        }

        String springBoot = property("spring-boot.version", builtWith); // so the least as well
        expected.add(springBoot + " | " + springBoot + " | "
                + property("spring-boot.version", read("examples/spring-boot/pom.xml")));

        String table = readme.substring(readme.indexOf("| library | least |"), readme.indexOf("| etcd | tested |"));
        assertEquals(expected, all(Pattern.compile("(?m)^\\| [^|]+ \\| ([0-9][^|]+\\|[^|]+\\|[^|]+) \\|$"), table));
    }

    private static String property(String name, String pom) {
        return all(Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<"), pom)
                .get(0);
    }

    private static List<Path> poms() throws IOException {
        try (Stream<Path> files = Files.walk(Documents.ROOT)) {
            return files.filter(
                            file -> file.endsWith("pom.xml") && !file.toString().contains("/target/"))
                    .toList();
        }
    }

    private static String read(String file) throws IOException {
        return Files.readString(Documents.ROOT.resolve(file));
    }

    private static List<String> all(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
