package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.simulator.Simulator;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page behind a proxy that puts a part before the path, as a stage of an API and a signing proxy do. */
@Timeout(300)
class PageUnderPrefixTest extends InBrowser {

    private static final int TASKS = 40;
    private static final int EVENTS = 50;

    @Test
    void showsTheStateAndItsChangesAndAsksForNothingOutside() throws IOException {
        Options options = new Options();
        options.bind = "127.0.0.1:0";
        options.simulate = true;
        options.simulateTasks = TASKS;
        options.simulateRate = 20;
        try (Server server = Server.start(options, null);
                PrefixProxy proxy = new PrefixProxy("/prod", server.port())) {
            browser.open(proxy.address());
            await("the content", () -> browser.shows("#content"));
            Simulator simulator = server.simulator().orElseThrow();
            await("events", () -> simulator.truth().events().sent() >= EVENTS);
            await("changes on the page", () -> browser.count("#changes li") > 0);

            assertEquals(List.of(), proxy.outside());
            assertEquals(List.of(), browser.complaints());
            browser.leave();
        }
    }
}
