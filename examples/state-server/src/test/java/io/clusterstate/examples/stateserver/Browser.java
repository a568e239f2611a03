package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

/** A browser without a window, which remembers what the page complained of. */
final class Browser implements AutoCloseable {

    private static final String REMEMBER_VIOLATIONS =
            """
            window.violations = [];
            addEventListener('securitypolicyviolation',
                event => window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
            """;

    private static final String NOTE_WHEN_SHOWN =
            """
            addEventListener('DOMContentLoaded', () => {
                const content = document.querySelector('#content');
                const note = () => { window.shownAt ??= content.hidden ? undefined : performance.now(); };
                content && new MutationObserver(note).observe(content, { attributes: true, attributeFilter: ['hidden'] });
            });
            """;

    private final Path profile;
    private final ChromeDriver driver;

    private Browser(Path profile, ChromeDriver driver) {
        this.profile = profile;
        this.driver = driver;
        command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", REMEMBER_VIOLATIONS));
    }

    static Browser start() throws InterruptedException {
        BrowserHome home = BrowserHome.find();
        try {
            Path profile = Files.createTempDirectory("css-browser");
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(home.driver().toFile())
                    .usingAnyFreePort()
                    .build();
            return new Browser(profile, new ChromeDriver(service, options(home, profile)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ChromeOptions options(BrowserHome home, Path profile) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(home.chromium().toFile());
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        return options;
    }

    /** Opens an address anew, also if it differs from the present one only after its {@code #}. */
    void open(URI address) {
        driver.get("about:blank");
        driver.get(address.toString());
    }

    /** Leaves the page, and what it complained of. */
    void leave() {
        driver.get("about:blank");
        complaints();
    }

    void size(int width, int height) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** {@code light} or {@code dark}. */
    void prefer(String colors) {
        command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colors))));
    }

    /** As in the zone database; empty for the machine's own. */
    void timeZone(String zone) {
        command("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
    }

    void hideScrollbars() {
        command("Emulation.setScrollbarsHidden", Map.of("hidden", true));
    }

    /** The host and port of the browser's debugger. */
    String debugger() {
        Object options = driver.getCapabilities().getCapability("goog:chromeOptions");
        return String.valueOf(((Map<?, ?>) Objects.requireNonNull(options)).get("debuggerAddress"));
    }

    /** Notes in {@code shownAt} when a page that is opened later shows its content, in milliseconds since then. */
    void noteWhenShown() {
        command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", NOTE_WHEN_SHOWN));
    }

    private void command(String name, Map<String, Object> parameters) {
        driver.executeCdpCommand(name, parameters);
    }

    Object script(String source, Object... arguments) {
        return driver.executeScript(source, arguments);
    }

    /** What is to be read there; empty if nothing is, or nothing can be seen. */
    String text(String selector) {
        return (String) Objects.requireNonNull(
                script("return document.querySelector(arguments[0])?.innerText.trim() ?? ''", selector));
    }

    String address() {
        return Objects.requireNonNull(driver.getCurrentUrl());
    }

    /** How many of these can be seen. */
    long count(String selector) {
        return (Long) Objects.requireNonNull(script(
                """
                return [...document.querySelectorAll(arguments[0])].filter(each => each.checkVisibility()).length
                """,
                selector));
    }

    boolean shows(String selector) {
        return count(selector) > 0;
    }

    /** Clicks what is there, also if the page draws it anew meanwhile. */
    void click(String selector) {
        await("to be clicked: " + selector, () -> {
            try {
                driver.findElement(By.cssSelector(selector)).click();
                return true;
            } catch (StaleElementReferenceException e) {
                return false;
            }
        });
    }

    /** Presses keys, wherever the focus is. */
    void type(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** What can be read of the element that has the focus, by sight or by label. */
    String focus() {
        return (String)
                Objects.requireNonNull(
                        script(
                                """
                const focused = document.activeElement;
                return focused.id || focused.getAttribute('aria-label') || focused.innerText
                """));
    }

    static void await(String what, BooleanSupplier condition) {
        try {
            Await.await(condition);
        } catch (AssertionError e) {
            throw new AssertionError("not seen: " + what, e);
        }
    }

    static void awaitWithin(Duration limit, String what, BooleanSupplier condition) {
        long begun = System.nanoTime();
        await(what, condition);
        Duration taken = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(taken.compareTo(limit) <= 0, what + " took " + taken + " (expected: at most " + limit + ")");
    }

    /** Errors on the console, and what the page was forbidden, since this was last asked. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .forEach(entry -> complaints.add(entry.getMessage()));
        Object violations = script("return window.violations");
        if (violations instanceof List<?> list) {
            list.forEach(each -> complaints.add(String.valueOf(each)));
        }
        return complaints;
    }

    byte[] picture() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // the browser may still be taking it away
        }
    }
}
