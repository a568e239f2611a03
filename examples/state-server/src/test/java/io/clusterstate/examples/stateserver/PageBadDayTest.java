package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.serviceArn;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page on a day on which much fails at once: what a person on call finds there. */
@Timeout(300)
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
        browser.size(1280, 1700);
        browser.open(URI.create("http://127.0.0.1:" + rest.port() + "/" + hash));
        await("the stream", () -> browser.text("#connection").equals("live"));
    }

    private void assertNoComplaints() {
        assertEquals(List.of(), browser.complaints());
    }

    /** The texts of elements, one a line. */
    private String texts(String selector) {
        return String.valueOf(browser.script(
                """
                return [...document.querySelectorAll(arguments[0])].filter(each => each.checkVisibility())
                    .map(each => each.innerText.trim()).join('\\n')
                """,
                selector));
    }

    // services

    @Test
    void listsServicesInTroubleFirstWithTheReason() {
        open("");

        await("the services", () -> browser.count("[data-rows='services'] tr") == 12);
        assertEquals(
                List.of("search", "api", "checkout", "payments", "worker", "web", "auth"),
                texts("[data-rows='services'] th button").lines().limit(7).toList());
        assertEquals(
                List.of(
                        "cannot place a task",
                        "fails health checks",
                        "cannot start tasks",
                        "rolling back, 4 of 4 running",
                        "below desired",
                        "deploying, 12 of 40 running",
                        "steady"),
                texts("[data-rows='services'] .word").lines().limit(7).toList());
        assertTrue(texts("[data-rows='services'] .why")
                .startsWith("2 min ago: was unable to place a task because no container instance met all"));
        assertTrue(texts(".why").contains("deploying, 0 of 6 running, 18 failed; 1 min ago: is unable to"));
        assertEquals("5 in trouble · 1 deploying", browser.text("#services h2 small"));
        assertNoComplaints();
    }

    @Test
    void showsTheFirstServicesAndAllOnDemand() {
        open("");

        await("the first", () -> browser.count("[data-rows='services'] tr") == 12);
        browser.click("#services .all");
        await("all", () -> browser.count("[data-rows='services'] tr") == 16);
        assertEquals("Show the first 12", browser.text("#services .all"));
        assertNoComplaints();
    }

    @Test
    void sortsByAColumnWithTheKeyboard() {
        open("");
        assertEquals("ascending", sorted("state"));
        browser.script("document.querySelector('[data-sort=running] button').focus()");
        browser.type(Keys.ENTER);

        await("the fewest first", () -> firstService().equals("worker"));
        assertEquals("ascending", sorted("running"));
        assertEquals("null", sorted("state"));
        browser.type(Keys.ENTER);
        await("the most first", () -> firstService().equals("web"));
        assertEquals("descending", sorted("running"));
        assertTrue(browser.address().endsWith("#sort=-running"));

        open("#sort=name");
        await("by name", () -> firstService().equals("api"));
        assertNoComplaints();
    }

    private String firstService() {
        return browser.text("[data-rows='services'] tr th button");
    }

    private String sorted(String column) {
        return String.valueOf(browser.script(
                "return document.querySelector(`th[data-sort=${arguments[0]}]`).getAttribute('aria-sort')", column));
    }

    /** The words for a service, as the page finds them. */
    @Test
    void callsAServiceShortOnlyAfterAWhile() {
        open("");

        assertEquals(
                List.of("steady", "starting tasks", "below desired", "draining", "deployment failed"),
                browser.script(
                        """
                return import(`${location.origin}/condition.js`).then(({ conditionOf }) => [
                    conditionOf({ status: 'ACTIVE' }, 0), conditionOf({ status: 'ACTIVE' }, 59_000),
                    conditionOf({ status: 'ACTIVE' }, 61_000), conditionOf({ status: 'DRAINING' }, 61_000),
                    conditionOf({ deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED' }] }, 0)]
                    .map(each => each.words))
                """));
    }

    // stops

    @Test
    void groupsStopsByCauseWithTheNewestFirst() {
        open("");

        await("the causes", () -> browser.count("#stops .causes > li") == 4);
        assertEquals(
                List.of(
                        "failed to start",
                        "stopped by the service, exit 143 (SIGTERM)",
                        "container exited, exit 137 (SIGKILL)",
                        "failed health checks, exit 143 (SIGTERM)"),
                texts("#stops .kind").lines().toList());
        assertEquals(
                List.of("18 tasks", "12 tasks", "31 tasks", "5 tasks"),
                texts("#stops .amount b").lines().toList());
        assertEquals(3, browser.count("#stops li[data-failure]")); // a deployment stops tasks, too
        assertEquals("66", browser.text("[data-count='tasks-stopped']"));
        assertNoComplaints();
    }

    @Test
    void opensTheTasksOfACauseAndOneOfThem() {
        open("");
        await("the causes", () -> browser.count("#stops .causes > li") == 4);
        browser.click("#stops .causes > li:nth-child(3) .toggle");

        await("its newest tasks", () -> browser.count("#stops .stopped .link") == 10);
        assertTrue(texts("#stops .stopped").contains("worker · exit 137 (SIGKILL), " + BadDay.OUT_OF_MEMORY));
        assertEquals("and 21 more", texts("#stops .more"));
        browser.click("#stops .stopped li:first-child .link");
        await("the task", () -> browser.text("#selection h2").startsWith("Task "));
        await("its end", () -> browser.text("#selection dl").contains("Essential container in task exited"));
        assertNoComplaints();
    }

    @Test
    void showsATaskThatOnlyTheArchiveHas(@TempDir Path directory) throws InterruptedException {
        try (Rest archived = Rest.of(held, options -> options.archive = directory)) {
            String arn = taskArn("prod", "long-gone");
            held.put(task("prod", "long-gone", changes -> changes.version(9L)
                    .lastStatus("STOPPED")
                    .stopCode("TaskFailedToStart")
                    .stoppedReason("no such image")
                    .stoppedAt(Instant.now())));
            await("its record", () -> recorded(archived, "long-gone") == 1);
            held.remove(arn);

            browser.open(URI.create("http://127.0.0.1:" + archived.port() + "/#select=" + arn));

            await("its end", () -> browser.text("#selection dl").contains("TaskFailedToStart: no such image"));
            assertEquals("Task long-gone", browser.text("#selection h2"));
        }
    }

    private static int recorded(Rest server, String words) {
        try {
            return server.json("/v1/history/tasks?q=" + words).get("total").intValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void searchesStopsByExitCodeImageAndCluster() {
        open("");
        await("the causes", () -> browser.count("#stops .causes > li") == 4);
        browser.click("#stops-search");
        browser.type("exit 137");
        await("the one", () -> texts("#stops .kind").equals("container exited, exit 137 (SIGKILL)"));
        browser.type(Keys.ESCAPE);
        await("all", () -> browser.count("#stops .causes > li") == 4);
        browser.type("checkout:v42");
        await("the one", () -> texts("#stops .kind").equals("failed to start"));
        browser.type(" and nothing");
        await("none", () -> browser.text("#stops .empty").equals("No stopped task matches."));

        open("#cluster=batch");
        await("none", () -> browser.text("#stops .empty").equals("No stopped task is known."));
        assertNoComplaints();
    }

    @Test
    void asksAgainWhenATaskStops() {
        open("");
        await("the causes", () -> browser.count("#stops .causes > li") == 4);
        held.put(task("prod", "late", change -> change.lastStatus("STOPPED")
                .stopCode("SpotInterruption")
                .stoppedReason("Your Spot Task was interrupted.")
                .stoppedAt(Instant.now())));

        await("the new cause", () -> texts("#stops .kind").startsWith("Spot interruption\n"));
        assertNoComplaints();
    }

    @Test
    void asksAgainAfterAFailure() {
        open("");
        await("the causes", () -> browser.count("#stops .causes > li") == 4);
        browser.script(
                """
                const real = window.fetch;
                window.fetch = (path, ...more) =>
                    path.startsWith('v1/history') ? Promise.reject(new TypeError('cut')) : real(path, ...more);
                window.mend = () => { window.fetch = real; };
                """);
        browser.click("#stops-search");
        browser.type("exit 137");
        await("a complaint", () -> browser.text("#stops .empty").equals("The causes are not known now."));
        browser.script("window.mend()");

        await("the one", () -> texts("#stops .kind").equals("container exited, exit 137 (SIGKILL)"));
    }

    /** A cause joins the reasons of the task and its containers, and is longer than what the server searches for. */
    @Test
    void opensTheTasksOfALongCause() {
        held.put(task("prod", "long", change -> change.lastStatus("STOPPED")
                .stopCode("TaskFailedToStart")
                .stoppedReason("CannotPullContainerError: " + "layer ".repeat(300))
                .stoppedAt(Instant.now())));
        open("#q=prod/long");
        await("the cause", () -> browser.count("#stops .causes > li") == 1);
        browser.click("#stops .toggle");

        await("its task", () -> browser.count("#stops .stopped .link") == 1);
        assertNoComplaints();
    }

    /** The page lists no stopped task, and must not say that there is none. */
    @Test
    void saysThatASearchLooksAtLivingTasks() {
        open("#q=STOPPED");

        await("the search", () -> browser.text("#selection h2").equals("Living tasks that match “STOPPED”"));
        assertEquals("0 tasks", browser.text("#selection h3"));
        await("all causes", () -> browser.count("#stops .causes > li") == 4);
        assertNoComplaints();
    }

    // instances, bars

    @Test
    void foldsDeadInstancesIntoACount() {
        open("#cluster=prod");
        await("those alive", () -> browser.count(".block") == 14);

        assertEquals("Show 5 inactive, or disconnected without a task", texts(".gone"));
        browser.click(".gone:not([hidden])");
        await("all", () -> browser.count(".block") == 19);
        assertEquals("Hide 5 inactive, or disconnected without a task", texts(".gone"));

        open("#q=INACTIVE");
        await("what a search finds", () -> browser.count(".block") == 4);
        open("#select=" + instanceArn("prod", "0a1b2c3d4e5f60014"));
        await("what is selected", () -> browser.count(".block[aria-pressed='true']") == 1);
        assertNoComplaints();
    }

    @Test
    void leavesStoppedTasksOutOfBars() {
        open("");

        await("the bar", () -> browser.shows("#statuses .bar [data-phase='running']"));
        assertEquals(0, browser.count(".bar [data-phase='stopped']"));
        assertNoComplaints();
    }

    // the past, the console, copies

    @Test
    void showsTheHistoryOfWhatIsSelected() {
        open("#select=" + serviceArn("prod", "search"));
        await("the service", () -> browser.text("#selection h2").equals("Service search"));
        browser.click("#history summary");

        await("its events", () -> browser.text("#history ol").contains("was unable to place a task"));
        assertTrue(browser.text("#history li:first-child time").endsWith(" ago"));
        assertNoComplaints();
    }

    @Test
    void copiesAnArnAndSaysSo() {
        String arn = serviceArn("prod", "search");
        open("#select=" + arn);
        browser.script("navigator.clipboard.writeText = async text => { window.copied = text; }");
        await("the button", () -> browser.shows("#selection [data-copy]"));
        browser.click("#selection [data-copy='" + arn + "']");

        await("that it is copied", () -> browser.text("#said").equals("ARN copied"));
        assertEquals("copied", browser.text("#selection [data-copy]"));
        assertEquals(arn, browser.script("return window.copied"));
        await("the button as before", () -> browser.text("#selection [data-copy]")
                .equals("copy"));
        assertNoComplaints();
    }

    @Test
    void linksToTheConsoleOfEachPartition() {
        String arn = serviceArn("prod", "search");
        open("#select=" + arn);
        await(
                "the link",
                () -> browser.shows("#selection a[href='https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/"
                        + "prod/services/search/health?region=eu-west-1'][rel~='noopener']"));

        assertEquals(
                List.of(
                        "https://us-gov-west-1.console.amazonaws-us-gov.com/ecs/v2/clusters/c/tasks/t1/configuration"
                                + "?region=us-gov-west-1",
                        "https://cn-north-1.console.amazonaws.cn/ecs/v2/clusters/c/infrastructure/container-instances/i1"
                                + "?region=cn-north-1",
                        "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/c/services?region=eu-west-1",
                        "none"),
                browser.script(
                        """
                return import(`${location.origin}/console.js`).then(({ consoleAddress }) => [
                    ['aws-us-gov', 'us-gov-west-1', 'task/c/t1'], ['aws-cn', 'cn-north-1', 'container-instance/i1'],
                    ['aws', 'eu-west-1', 'cluster/c'], ['aws-iso', 'us-iso-east-1', 'task/c/t1']]
                    .map(([partition, region, resource]) => consoleAddress(`arn:${partition}:ecs:${region}:123456789012:${resource}`,
                        `arn:${partition}:ecs:${region}:123456789012:cluster/c`) ?? 'none'))
                """));
        assertNoComplaints();
    }

    // the last minutes

    /** 15 minutes with a gap of one minute, and ten samples in which tasks are missing. */
    private static final String KNOWN_TREND =
            """
            const real = window.fetch;
            const now = Date.now();
            const samples = [...Array(180).keys()].filter(i => i < 100 || i > 112).map(i => ({
                at: new Date(now - (179 - i) * 5_000).toISOString(), running: i < 150 || i > 159 ? 140 : 95 + (i * 7) % 11,
                pending: i < 150 ? (i % 13 === 0 ? 2 : 0) : 160 - i > 0 ? 30 - (i - 150) : 3, lagMillis: 80 + (i * 37) % 50 }));
            window.fetch = (path, ...more) => path === 'v1/trend'
                ? Promise.resolve(Response.json({ stepSeconds: 5, now: new Date(now).toISOString(), samples }))
                : real(path, ...more);
            """;

    private void openWithTrend(String hash) {
        open(hash);
        browser.script(KNOWN_TREND);
        await("the trend", () -> browser.text("[data-trend='running'] small").equals("95 to 140"));
    }

    @Test
    void drawsTheLastMinutesWithTheirGaps() {
        openWithTrend("");

        assertEquals(
                List.of("Running in the last 15 minutes: now 140, lowest 95, highest 140", 2L),
                browser.script(
                        """
                const figure = document.querySelector('[data-trend=running]');
                return [figure.querySelector('svg').ariaLabel, figure.querySelector('path').getAttribute('d').split('M').length - 1]
                """));
        assertEquals("Last 15 minutes, all clusters", browser.text("#trend .span"));
        assertNoComplaints();
    }

    // in little space, and in pictures

    @Test
    void reachesEveryColumnOnAPhone() {
        open("");
        browser.size(360, 740);

        assertEquals(0L, browser.script("return document.documentElement.scrollWidth - innerWidth"));
        assertEquals(
                List.of(true, true, true),
                browser.script(
                        """
                const [region, name] = ['#services .scroll', '#services tbody th'].map(each => document.querySelector(each));
                const before = name.getBoundingClientRect().left;
                region.scrollLeft = 10_000;
                const edge = region.getBoundingClientRect().right;
                return [region.scrollLeft > 0, Math.abs(name.getBoundingClientRect().left - before) < 1,
                    document.querySelector('#services td.tasks').getBoundingClientRect().right <= edge + 1];
                """));
        assertNoComplaints();
    }

    @Test
    void givesPictures() throws IOException {
        browser.hideScrollbars();
        browser.prefer("light");
        openWithTrend("");
        await("the causes", () -> browser.count("#stops .causes > li") == 4);
        browser.click("#stops .causes > li:nth-child(3) .toggle");
        await("its newest tasks", () -> browser.shows("#stops .stopped .link"));
        picture("bad-day");
        browser.prefer("dark");
        browser.click("[data-arn='" + serviceArn("prod", "search") + "'] button");
        browser.click("#history summary");
        await("its events", () -> browser.text("#history ol").contains("was unable to place a task"));
        picture("bad-day-dark");
        browser.prefer("light");
        openWithTrend("");
        browser.size(360, 2600);
        picture("bad-day-phone");
        browser.size(360, 740);
        open("#select=" + serviceArn("prod", "api"));
        browser.size(360, 740);
        picture("bad-day-phone-selection");
        assertFalse(browser.shows("#banner"));
        assertNoComplaints();
    }

    /** A picture for people to look at. */
    private void picture(String name) throws IOException {
        Path file = Path.of("target", "page-" + name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, browser.picture());
    }
}
