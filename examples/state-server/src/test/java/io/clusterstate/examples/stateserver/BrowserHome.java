package io.clusterstate.examples.stateserver;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds Chromium and its driver: those that {@code CHROMIUM} and {@code CHROMEDRIVER} name, or those on the PATH; else
 * root on Debian or Ubuntu installs the packages. Without either, tests fail where a browser has to be there
 * ({@code CI} or {@code CSS_REQUIRE_BROWSER} is set) and are skipped elsewhere.
 *
 * @param chromium the browser
 * @param driver its driver, of the same version
 */
record BrowserHome(Path chromium, Path driver) {

    private static final Logger LOG = LoggerFactory.getLogger(BrowserHome.class);
    private static final List<String> BROWSERS =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final String EXPECTED = "(expected: both on the PATH, or named by CHROMIUM and CHROMEDRIVER; "
            + "on Debian: apt-get install chromium chromium-driver)";
    private static final long INSTALL_MINUTES = 10;

    /** Aborts the test where there is none and none is demanded. */
    static BrowserHome find() throws InterruptedException {
        return new Search(System.getenv(), System.getProperty("user.name"), System.err).find();
    }

    /**
     * A look at one machine.
     *
     * @param environment its variables
     * @param user who looks
     * @param out where it says what it does
     */
    record Search(Map<String, String> environment, String user, PrintStream out) {

        BrowserHome find() throws InterruptedException {
            Optional<BrowserHome> found = look();
            if (found.isEmpty() && mayInstall()) {
                install();
                found = look();
            }
            return found.orElseThrow(this::none);
        }

        private Optional<BrowserHome> look() {
            Optional<Path> browser = named("CHROMIUM").or(() -> onPath(BROWSERS));
            Optional<Path> driver = named("CHROMEDRIVER").or(() -> onPath(List.of("chromedriver")));
            return browser.flatMap(chromium -> driver.map(path -> new BrowserHome(chromium, path)));
        }

        private Optional<Path> named(String variable) {
            String path = environment.get(variable);
            if (path == null || path.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(executable(Path.of(path))
                    .orElseThrow(() -> new IllegalStateException(
                            variable + ": " + path + " (expected: the path of an executable file)")));
        }

        private Optional<Path> onPath(List<String> programs) {
            return programs.stream().flatMap(this::everywhereOnPath).findFirst();
        }

        private Stream<Path> everywhereOnPath(String program) {
            return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                    .filter(part -> !part.isEmpty())
                    .flatMap(part -> executable(Path.of(part, program)).stream());
        }

        private static Optional<Path> executable(Path path) {
            return Files.isRegularFile(path) && Files.isExecutable(path)
                    ? Optional.of(path.toAbsolutePath())
                    : Optional.empty();
        }

        private boolean mayInstall() {
            return user.equals("root") && onPath(List.of("apt-get")).isPresent();
        }

        private void install() throws InterruptedException {
            out.println("no Chromium here; installs the packages chromium and chromium-driver …");
            boolean isThere = aptGet("install") || (aptGet("update") && aptGet("install"));
            out.println(isThere ? "installed" : "the packages could not be installed");
        }

        private static boolean aptGet(String what) throws InterruptedException {
            List<String> command = what.equals("install")
                    ? List.of(
                            "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "chromium-driver")
                    : List.of("apt-get", what, "-qq");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            try {
                Process process = builder.start();
                process.getOutputStream().close();
                return process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
            } catch (IOException e) {
                LOG.warn("{} cannot be run", command, e);
                return false;
            }
        }

        private RuntimeException none() {
            String words = "no Chromium with its driver " + EXPECTED;
            if (environment.containsKey("CI") || environment.containsKey("CSS_REQUIRE_BROWSER")) {
                return new IllegalStateException(words);
            }
            out.println("NOT TESTED IN A BROWSER: " + words);
            return Assumptions.abort(words);
        }
    }
}
