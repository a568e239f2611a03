package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which time the page shows, and of which server's state it says that it is live. */
@Timeout(300)
class PageTimeTest extends InBrowser {

    /** Lists wait until the test lets them go on; what else is asked does not. */
    private static final String HOLD_LISTS =
            """
            const real = window.fetch;
            window.listsAsked = 0;
            const held = new Promise(resolve => { window.letGo = resolve; });
            window.fetch = async (path, ...more) => {
                if (!path.endsWith('freshness')) {
                    window.listsAsked += 1;
                    await held;
                }
                return real(path, ...more);
            };
            """;

    private static final String KEEP_SOURCE =
            """
            const Real = window.EventSource;
            window.EventSource = function (path) {
                window.source = new Real(path);
                return window.source;
            };
            """;

    /** As the server tells it to a client whose next changes are not kept any more. */
    private static final String RESET =
            """
            const data = JSON.stringify({ entityVersion: arguments[0], reason: 'the test says so' });
            window.source.dispatchEvent(new MessageEvent('reset', { data }));
            """;

    private Held held = new Held();
    private Rest rest = Rest.of(held, options -> options.bind = Rest.lastingAddress());

    @AfterEach
    void end() {
        browser.leave();
        browser.timeZone("");
        rest.close();
        held.close();
    }

    private void open(String hash) {
        browser.size(1280, 800);
        browser.open(URI.create("http://127.0.0.1:" + rest.port() + "/" + hash));
        await("the stream", () -> connection().equals("live"));
    }

    private String connection() {
        return browser.text("#connection");
    }

    private String counted(String name) {
        return browser.text("[data-count='" + name + "']");
    }

    @ParameterizedTest
    @CsvSource({
        "UTC, 2026-03-01T11:30:05Z, 2026-03-01 11:30:05",
        "Pacific/Auckland, 2026-03-01T11:30:05Z, 2026-03-02 00:30:05", // 13 h ahead in its summer
        "Pacific/Auckland, 2026-12-31T11:00:00Z, 2027-01-01 00:00:00",
        "America/Los_Angeles, 2026-03-01T04:00:00Z, 2026-02-28 20:00:00" // 8 h behind
    })
    void showsDayAndTimeOfOneTimeZone(String zone, Instant created, String shown) {
        browser.timeZone(zone);
        held.put(task("prod", "web-1", change -> change.createdAt(created)));
        open("#select=" + taskArn("prod", "web-1"));

        await("the task", () -> browser.text("#selection h2").equals("Task web-1"));
        assertTrue(fact("Created").endsWith(" ago " + shown), fact("Created"));
        assertEquals(List.of(), browser.complaints());
    }

    private String fact(String name) {
        return String.valueOf(browser.script(
                """
                return [...document.querySelectorAll('#selection dt')]
                    .find(each => each.innerText === arguments[0]).nextElementSibling.innerText
                """,
                name));
    }

    @Test
    void isNotLiveWhileItHasTheStateOfTheServerBefore() {
        for (int i = 0; i < 50; i++) {
            held.put(task("prod", "old-" + i));
        }
        open("");
        browser.script(HOLD_LISTS);
        restart(new Held());
        held.put(task("prod", "only"));

        await("the lists", () -> asked() > 0);
        assertEquals("50", counted("tasks"));
        assertEquals("not connected", drawn());
        assertTrue(browser.text("#banner").startsWith("Not updated since"));
        assertEquals("50", browser.text("[data-fact='revision']")); // of what is shown
        browser.script("window.letGo()");

        await("what there is now", () -> counted("tasks").equals("1"));
        await("its revision", () -> browser.text("[data-fact='revision']").equals("1"));
        await("the stream", () -> connection().equals("live") && !browser.shows("#banner"));
    }

    @Test
    void isNotLiveWhileItListsWhatItsStreamHasLost() {
        held.put(task("prod", "web-1"));
        open("");
        browser.script(HOLD_LISTS);
        browser.script(KEEP_SOURCE);
        restart(held);
        await("the next stream", () -> (Boolean) browser.script("return window.source?.readyState === 1"));
        await("the stream", () -> connection().equals("live"));
        browser.script(RESET, Long.toString(held.store().snapshot().revision()));

        await("the lists", () -> asked() > 0);
        assertEquals("loading", drawn());
        browser.script("window.letGo()");
        await("the stream", () -> connection().equals("live"));
    }

    private long asked() {
        return (Long) browser.script("return window.listsAsked");
    }

    /** What the connection is said to be when all that is known by now has been drawn. */
    private String drawn() {
        browser.script("return new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
        return connection();
    }

    private void restart(Held next) {
        int port = rest.port();
        rest.close();
        if (next != held) {
            held.close();
        }
        held = next;
        rest = Rest.of(held, options -> options.bind = "127.0.0.1:" + port);
    }
}
