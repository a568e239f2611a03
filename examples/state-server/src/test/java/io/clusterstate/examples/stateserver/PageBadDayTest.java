package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page on a day on which much fails at once, in the order in which a person on call reads it. */
@Timeout(90)
class PageBadDayTest extends InBrowser {

    private final Held held = new Held();
    private final Rest rest = Rest.of(held);

    PageBadDayTest() {
        BadDay.fill(held);
    }

    @AfterEach
    void end() {
        browser.leave();
        browser.prefer("light");
        rest.close();
        held.close();
    }

    private void open(String hash) {
        browser.open(URI.create("http://127.0.0.1:" + rest.port() + "/" + hash));
        await("the stream", () -> browser.text("#connection").equals("live"));
    }

    /** A picture of the whole page, for people to look at. */
    private void picture(String name) throws IOException {
        Path file = Path.of("target", "page-" + name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, browser.picture());
    }

    @Test
    void givesPictures() throws IOException {
        browser.hideScrollbars();
        browser.size(1280, 1700);
        browser.prefer("light");
        open("");
        await("causes", () -> browser.count("#stops .causes > li") >= 4);
        await("the trend", () -> browser.shows("#trend"));
        picture("bad-day");
        browser.prefer("dark");
        picture("bad-day-dark");
        browser.size(360, 2600);
        browser.prefer("light");
        open("");
        await("the trend", () -> browser.shows("#trend"));
        picture("bad-day-phone");
        assertEquals(List.of(), browser.complaints());
    }
}
