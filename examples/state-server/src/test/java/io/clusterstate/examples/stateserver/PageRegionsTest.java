package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static io.clusterstate.examples.stateserver.TwoRegions.EU;
import static io.clusterstate.examples.stateserver.TwoRegions.US;
import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.serviceArn;
import static io.clusterstate.testing.Entities.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page over several Regions: each has a group of its own, and one that is cut off shows so there. */
@Timeout(300)
class PageRegionsTest extends InBrowser {

    private static final String IN_EU = ".place[data-place='eu-west-1'] ";
    private static final String IN_US = ".place[data-place='us-east-1'] ";

    private final TwoRegions regions = new TwoRegions();
    private final Rest rest = Rest.of(regions.source);

    @BeforeEach
    void fill() {
        regions.putEu(task(EU, "a"));
        regions.putUs(task(US, "b"));
        regions.putUs(task(US, "c", change -> change.lastStatus("PENDING")));
        regions.us.put(EntityKind.SERVICE, US, service(US, "checkout"));
    }

    @AfterEach
    void end() {
        browser.leave();
        rest.close();
        regions.close();
    }

    private void open() {
        browser.size(1280, 900);
        browser.open(URI.create("http://127.0.0.1:" + rest.port() + "/"));
        await("the stream", () -> browser.text("#connection").equals("live"));
    }

    private void awaitState(String place, String state) {
        await(place + state, () -> browser.text(place + ".state").equals(state));
    }

    private String running(String place) {
        return browser.text(place + ".card b");
    }

    @Test
    void groupsTheClustersByRegion() {
        open();

        awaitState(IN_EU, "live");
        awaitState(IN_US, "live");
        assertEquals("eu-west-1", browser.text(IN_EU + "h2"));
        assertEquals(1, browser.count(IN_EU + ".card"));
        assertEquals("prod", browser.text(IN_US + ".card .name"));
        assertEquals("1", running(IN_US));
        assertTrue(browser.text(IN_US + "header").contains("confirmed "));
        assertEquals("2", browser.text("#clusters > .card b"));
        assertEquals("2 places, all fresh", browser.text("[data-fact='places']"));
        assertEquals("Cluster state", browser.script("return document.title"));
        assertEquals(java.util.List.of(), browser.complaints());
    }

    @Test
    void aClusterIsChosenByItsArnAndNamedWithItsRegion() {
        open();
        await("the service", () -> browser.text("td.cluster").equals("prod · us-east-1"));

        browser.click(IN_EU + ".card");

        await("no service", () -> browser.count("[data-rows='services'] tr") == 0);
        assertTrue(browser.address().contains(EU), browser.address());
        assertEquals(1, browser.count(".card[aria-current]"));
    }

    @Test
    void searchesInAllRegions() {
        open();
        browser.click("#search");
        browser.type("pending");

        await("the match", () -> browser.text("#statuses h2 small").equals("1 match"));
        browser.click("#search");
        browser.type(" us-east-1");
        await("the match", () -> browser.text("#statuses h2 small").equals("1 match"));
    }

    @Test
    void aRegionThatIsCutOffShowsSoAndTheOthersStayLive() {
        open();
        regions.us.cutOff();
        regions.us.complain("the queue does not answer");

        awaitState(IN_US, "stale");
        assertTrue(browser.text(IN_US + ".problems").contains("The store is STALE"));
        assertTrue(browser.text(IN_US + ".problems").contains("The queue does not answer"));
        assertEquals("live", browser.text(IN_EU + ".state"));
        assertFalse(browser.shows("#banner"));
        assertEquals("(stale) Cluster state", browser.script("return document.title"));
        assertEquals("2 places, 1 fresh", browser.text("[data-fact='places']"));
        regions.putEu(task(EU, "d"));
        await("a change of the other Region", () -> running(IN_EU).equals("2"));
    }

    @Test
    void noRegionThatIsFreshIsABannerAsWell() {
        open();
        regions.us.confirmedAt(Instant.now().minusSeconds(7_200));
        regions.eu.confirmedAt(Instant.now().minusSeconds(7_200));

        await("the banner", () -> browser.text("#banner").startsWith("Stale: "));
        assertTrue(browser.text("#banner").contains("us-east-1: ECS has confirmed"), browser.text("#banner"));
    }

    @Test
    void showsTheReadyRegionsAtOnceAndTheOthersWhenTheyAre() {
        regions.us.loading();
        open();

        awaitState(IN_US, "not ready");
        assertTrue(browser.text(IN_US + ".problems").contains("The test has not loaded it"));
        assertEquals("1", running(IN_EU));
        assertEquals(0, browser.count(IN_US + ".card"));

        regions.us.loaded();
        regions.putUs(task(US, "e"));

        awaitState(IN_US, "live");
        await("its tasks", () -> running(IN_US).equals("2"));
        assertEquals("3", browser.text("#clusters > .card b"));
    }

    /** The first sample has both Regions; the others lack one. */
    private static final String TREND_OF_ONE =
            """
            const real = window.fetch;
            const now = Date.now();
            const samples = [[3, 500], [2, 7, ['us-east-1']], [1, 7, ['us-east-1']]].map(([ago, running, missing]) =>
                ({ at: new Date(now - ago * 5_000).toISOString(), running, pending: 0, missing }));
            window.fetch = (path, ...more) => path === 'v1/trend'
                ? Promise.resolve(Response.json({ stepSeconds: 5, now: new Date(now).toISOString(), samples }))
                : real(path, ...more);
            """;

    @Test
    void aLineOfTheLastMinutesShowsTheSameRegionsAllAlongAndNamesTheMissing() {
        open();
        browser.script(TREND_OF_ONE);

        await("the trend", () -> browser.text("#trend .span").equals("Last 1 minute, all clusters without us-east-1"));
        assertEquals("no change", browser.text("[data-trend='running'] small"));
    }

    @Test
    void aRegionThatFellFarBehindIsLoadedAgainAlone() {
        open();
        for (int version = 2; version <= 6_000; version++) {
            regions.putUs(task(US, "b", version));
        }
        regions.us.put(EntityKind.SERVICE, US, service(US, "last"));

        await("the last", () -> browser.shows("[data-arn='" + serviceArn(US, "last") + "']"));
        awaitState(IN_US, "live");
        assertEquals("1", running(IN_EU));
        assertEquals("1", running(IN_US));
    }

    @Test
    void fitsAPhoneAndTheDark() {
        open();
        browser.size(390, 844);
        browser.prefer("dark");

        assertEquals(
                true,
                browser.script("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        browser.prefer("light");
    }
}
