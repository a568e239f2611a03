package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How tests come by a browser. */
class BrowserHomeTest {

    @TempDir
    private Path folder;

    @Test
    void findsBothOnThePath() throws Exception {
        Path browser = program("chromium");
        Path driver = program("chromedriver");

        assertEquals(new BrowserHome(browser, driver), find(Map.of("PATH", folder.toString())));
    }

    @Test
    void takesWhatIsNamedBeforeWhatIsOnThePath() throws Exception {
        program("chromium");
        Path driver = program("chromedriver");
        Path named = program("another");

        assertEquals(
                new BrowserHome(named, driver), find(Map.of("PATH", folder.toString(), "CHROMIUM", named.toString())));
    }

    @Test
    void refusesANameThatIsNoProgram() {
        String missing = folder.resolve("missing").toString();

        var failure = assertThrows(IllegalStateException.class, () -> find(Map.of("CHROMIUM", missing)));

        assertEquals("CHROMIUM: " + missing + " (expected: the path of an executable file)", failure.getMessage());
    }

    @Test
    void failsInOneLineWhereABrowserIsDemanded() {
        for (String variable : new String[] {"CI", "CSS_REQUIRE_BROWSER"}) {
            var failure = assertThrows(IllegalStateException.class, () -> find(Map.of(variable, "1")));

            assertTrue(failure.getMessage().startsWith("no Chromium with its driver (expected: "));
        }
    }

    @Test
    void abortsElsewhereAndSaysSoLoudly() {
        var said = new ByteArrayOutputStream();

        var aborted = assertThrows(RuntimeException.class, () -> find(Map.of("PATH", folder.toString()), said));

        assertTrue(said.toString(StandardCharsets.UTF_8).startsWith("NOT TESTED IN A BROWSER: no Chromium"));
        assertEquals("TestAbortedException", aborted.getClass().getSimpleName());
    }

    private static BrowserHome find(Map<String, String> environment) throws InterruptedException {
        return find(environment, new ByteArrayOutputStream());
    }

    private static BrowserHome find(Map<String, String> environment, ByteArrayOutputStream said)
            throws InterruptedException {
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new BrowserHome.Search(environment, "somebody", out).find();
    }

    private Path program(String name) throws IOException {
        Path file = Files.createFile(folder.resolve(name));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
