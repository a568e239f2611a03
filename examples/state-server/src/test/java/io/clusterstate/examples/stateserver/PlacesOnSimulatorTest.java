package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole servers over two simulated Regions in each of two accounts. */
@Timeout(300)
class PlacesOnSimulatorTest extends InBrowser {

    private static final String CUT = ".place[data-place='111122223333/us-east-1'] ";
    private static final String LIVE = ".place[data-place='444455556666/eu-west-1'] ";
    private static final int TASKS = 60;

    @AfterEach
    void end() {
        browser.leave();
        browser.prefer("light");
    }

    private static Options options() {
        Options options = new Options();
        options.bind = "127.0.0.1:0";
        options.where.regions = List.of("eu-west-1", "us-east-1");
        options.where.roles = List.of("arn:aws:iam::111122223333:role/css", "arn:aws:iam::444455556666:role/css");
        return options;
    }

    private static Options simulated() {
        Options options = options();
        options.simulate = true;
        options.simulateTasks = TASKS;
        options.simulateRate = 10;
        options.reconcileEvery = Duration.ofSeconds(1);
        options.maxStale = Duration.ofSeconds(20);
        return options;
    }

    private void open(Server server, int width, int height) {
        browser.size(width, height);
        browser.hideScrollbars();
        browser.open(URI.create("http://127.0.0.1:" + server.port() + "/"));
        await("the places", () -> browser.count(".place[data-state='live']") == 4);
    }

    /** Leaves a picture for people to look at. */
    private void picture(String name) throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("pictures", "target")));
        Files.write(folder.resolve(name + ".png"), browser.picture());
    }

    private long shown(String place) {
        Object sum = browser.script(
                "return [...document.querySelectorAll(arguments[0])].reduce((sum, each) => sum + Number(each.innerText), 0)",
                place + ".card .figures span:first-child b");
        return ((Number) sum).longValue();
    }

    private static long running(Simulator simulator) {
        return simulator.truth().tasks().stream()
                .filter(task -> task.lastStatus().equals("RUNNING"))
                .count();
    }

    @Test
    void showsTheTruthOfEachPlaceWhileOneIsCutOffAndBack() throws IOException {
        try (Server server = Server.start(simulated(), null)) {
            open(server, 1280, 900);
            picture("places");
            Simulator cut = server.simulators().get(1);
            cut.faults().ecsOutage(true);

            await("the place that is cut off", () -> browser.text(CUT + ".state")
                    .equals("stale"));
            assertEquals("live", browser.text(LIVE + ".state"));
            picture("places-cut");
            browser.size(390, 844);
            browser.prefer("dark");
            picture("places-phone");
            browser.size(1280, 900);

            cut.faults().ecsOutage(false);
            await("the place that is back", () -> browser.text(CUT + ".state").equals("live"));
            assertEquals(4, names(server).size());
            server.simulators().forEach(simulator -> simulator.settle(Duration.ofSeconds(30)));
            names(server)
                    .forEach((name, simulator) -> await(
                            name + " shows " + running(simulator),
                            () -> shown(".place[data-place='" + name + "'] ") == running(simulator)));
        }
    }

    private static Map<String, Simulator> names(Server server) {
        Map<String, Simulator> names = new TreeMap<>();
        server.source()
                .places()
                .keySet()
                .forEach(place -> names.put(place.name(), server.simulators().get(names.size())));
        return names;
    }

    @Test
    void aReaderOfEtcdShowsTheSamePlaces() throws Exception {
        try (EtcdServer etcd = EtcdServer.launch()) {
            Options mirroring = simulated();
            mirroring.simulateRate = 0;
            mirroring.etcdEndpoints = List.of(etcd.endpoint().getAuthority());
            Options reading = options();
            reading.etcdEndpoints = mirroring.etcdEndpoints;
            try (Server mirror = Server.start(mirroring, null);
                    Server reader = Server.start(reading, null)) {
                mirror.source().view().awaitReady(Duration.ofSeconds(60));
                reader.source().view().awaitReady(Duration.ofSeconds(60));

                await(
                        "all tasks",
                        () -> reader.source().view().snapshot().tasks().count() == 4 * TASKS);
                assertEquals("READER", reader.source().role());
                assertEquals("LEADER", mirror.source().role());
                assertTrue(reader.source().places().keySet().stream()
                        .anyMatch(place -> place.name().equals("444455556666/us-east-1")));
            }
        }
    }
}
