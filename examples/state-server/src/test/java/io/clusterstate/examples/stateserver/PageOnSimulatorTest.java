package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.Truth;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.Task;

/** The page in a browser, on a whole server that mirrors a simulated ECS. */
@Timeout(300)
@Order(1) // since it takes the longest
class PageOnSimulatorTest extends InBrowser {

    private static final int EVENTS = 300;
    private static final Duration EVENTS_LIMIT = Duration.ofSeconds(30);

    private Server server;

    @AfterEach
    void end() {
        browser.leave();
        server.close();
    }

    private void serve(int tasks, double rate, Duration maxStale) {
        Options options = new Options();
        options.bind = "127.0.0.1:0";
        options.simulate = true;
        options.simulateTasks = tasks;
        options.simulateRate = rate;
        options.reconcileEvery = Duration.ofSeconds(1);
        options.maxStale = maxStale;
        server = Server.start(options, null);
        browser.size(1280, 800);
        browser.open(URI.create("http://127.0.0.1:" + server.port() + "/"));
        await("the content", () -> browser.shows("#content"));
    }

    private Simulator simulator() {
        return server.simulator().orElseThrow();
    }

    @Test
    void showsTheTruthAfterManyChanges() {
        serve(500, 100, Duration.ofMinutes(45));
        await("events", () -> simulator().truth().events().sent() >= EVENTS);
        simulator().settle(EVENTS_LIMIT);
        Truth truth = simulator().truth();

        await("the truth " + counts(truth), () -> shown().equals(counts(truth)));
        assertEquals(List.of(), browser.complaints());
    }

    private static Map<String, Long> counts(Truth truth) {
        Map<String, Long> tasks =
                truth.tasks().stream().collect(Collectors.groupingBy(Task::lastStatus, Collectors.counting()));
        long stopped = tasks.getOrDefault("STOPPED", 0L);
        return Map.of(
                "tasks", truth.tasks().size() - stopped,
                "tasks-running", tasks.getOrDefault("RUNNING", 0L),
                "tasks-stopped", stopped,
                "instances",
                        truth.instances().stream()
                                .filter(each -> !each.status().equals("INACTIVE"))
                                .count(),
                "services",
                        truth.services().stream()
                                .filter(each -> !each.status().equals("INACTIVE"))
                                .count());
    }

    private Map<String, Long> shown() {
        return List.of("tasks", "tasks-running", "tasks-stopped", "instances", "services").stream()
                .collect(Collectors.toMap(name -> name, this::counted));
    }

    private long counted(String name) {
        return Long.parseLong(browser.text("[data-count='" + name + "']").replace(",", ""));
    }

    @Test
    void saysThatItIsStaleWhileEcsDoesNotAnswer() {
        serve(60, 0, Duration.ofSeconds(15));
        await("no banner", () -> !browser.shows("#banner"));
        simulator().faults().ecsOutage(true);

        await("the banner", () -> browser.text("#banner").startsWith("Stale: "));
        simulator().faults().ecsOutage(false);
        await("no banner", () -> !browser.shows("#banner"));
        assertEquals(List.of(), browser.complaints());
    }

    /** The picture of the README; {@code -Dpage.picture=page.png} puts it where the README has it. */
    @Test
    void givesAPicture() throws IOException, InterruptedException {
        browser.prefer("light");
        browser.hideScrollbars();
        serve(1_000, 50, Duration.ofMinutes(45));
        await("something that happens", () -> browser.count("#changes li") >= 50 && counted("tasks-pending") > 0);
        await("no banner", () -> !browser.shows("#banner"));
        byte[] picture = browser.picture();
        Path file = Path.of(System.getProperty("page.picture", "target/page.png"));
        Files.write(file, picture);

        var image = ImageIO.read(new ByteArrayInputStream(picture));
        assertEquals("1280x800", image.getWidth() + "x" + image.getHeight());
    }
}
