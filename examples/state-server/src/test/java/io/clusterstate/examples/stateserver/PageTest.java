package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static io.clusterstate.examples.stateserver.Browser.awaitWithin;
import static io.clusterstate.testing.Entities.cluster;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.serviceArn;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.etcdserver.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;
import software.amazon.awssdk.services.ecs.model.Task;

/** The page in a browser, on a view in which nothing moves until the test says so. */
@Timeout(300)
@Order(1) // since it takes the longest
class PageTest extends InBrowser {

    private static final Duration SOON = Duration.ofSeconds(10);

    private Held held = new Held();
    private Rest rest;
    private TcpProxy proxy;

    /** Two clusters: prod with two instances, two services and five tasks; test with one of each. */
    @BeforeEach
    void serve() {
        fill(held);
        rest = Rest.of(held, options -> options.bind = Rest.lastingAddress());
        proxy = TcpProxy.to(rest.port());
        browser.size(1280, 800);
    }

    private static void fill(Held held) {
        List.of("prod", "test").forEach(name -> held.put(EntityKind.CLUSTER, name, cluster(name)));
        List.of("0a", "0b").forEach(id -> held.put(EntityKind.INSTANCE, "prod", instance("prod", id)));
        held.put(EntityKind.INSTANCE, "test", instance("test", "0c"));
        List.of("web", "mail").forEach(name -> held.put(EntityKind.SERVICE, "prod", service("prod", name)));
        held.put(EntityKind.SERVICE, "test", service("test", "web"));
        held.put(on("prod", "web-1", "0a", "service:web", "RUNNING"));
        held.put(on("prod", "web-2", "0a", "service:web", "RUNNING"));
        held.put(on("prod", "web-3", "0b", "service:web", "PENDING"));
        held.put(on("prod", "mail-1", "0b", "service:mail", "RUNNING"));
        held.put(on("prod", "cron-1", "0b", "family:cron", "STOPPED"));
        held.put(on("test", "web-9", "0c", "service:web", "RUNNING"));
    }

    private static Task on(String cluster, String id, String instance, String group, String status) {
        return task(cluster, id, change -> change.containerInstanceArn(instanceArn(cluster, instance))
                .group(group)
                .lastStatus(status));
    }

    private static Task later(Task task, String status) {
        return task.toBuilder().lastStatus(status).version(task.version() + 1).build();
    }

    @AfterEach
    void end() {
        browser.leave();
        proxy.close();
        rest.close();
        held.close();
    }

    private void open() {
        open("");
    }

    private void open(String hash) {
        browser.open(URI.create(proxy.endpoint() + "/" + hash));
        await("the content", () -> browser.shows("#content"));
        await("the stream", () -> browser.text("#connection").equals("live"));
    }

    private String counted(String name) {
        return browser.text("[data-count='" + name + "']");
    }

    private void assertNoComplaints() {
        assertEquals(List.of(), browser.complaints());
    }

    /** Connections that are cut are told on the console by the browser itself. */
    private void assertNoComplaintsButOfConnections() {
        assertEquals(
                List.of(),
                browser.complaints().stream()
                        .filter(each -> !each.contains("net::ERR_"))
                        .toList());
    }

    private boolean hasBanner() {
        return browser.shows("#banner");
    }

    // what there is

    @Test
    void countsWhatHasNotEnded() {
        open();

        assertEquals("5", counted("tasks"));
        assertEquals("4", counted("tasks-running"));
        assertEquals("1", counted("tasks-pending"));
        assertEquals("1", counted("tasks-stopped"));
        assertEquals("3", counted("instances"));
        assertEquals("3", counted("services"));
        assertEquals(3, browser.count(".block"));
        assertTrue(browser.shows("tr[data-arn='" + serviceArn("prod", "mail") + "']"));
        assertFalse(hasBanner());
        assertNoComplaints();
    }

    @Test
    void fillsABlockByWhatIsReserved() {
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "0d", change -> change.remainingResources(
                        instance("prod", "x").remainingResources().stream()
                                .map(each -> each.name().equals("CPU")
                                        ? each.toBuilder().integerValue(512).build()
                                        : each)
                                .toList())
                .agentConnected(false)));
        open();

        assertEquals(
                "i-0d, ACTIVE, agent disconnected, cpu 75% reserved, memory 0% reserved, 0 tasks",
                browser.script(
                        "return document.querySelector(arguments[0]).getAttribute('aria-label')",
                        ".block[data-arn='" + instanceArn("prod", "0d") + "']"));
    }

    @Test
    void writesDataAsText() {
        held.put(on("prod", "evil-1", "0a", "family:<img src=x onerror=alert(1)>", "RUNNING"));
        open("#q=evil");

        await("the family", () -> browser.text("#services").contains("<img src=x onerror=alert(1)>"));
        assertEquals(0, browser.count("#content img"));
        assertNoComplaints();
    }

    @Test
    void saysWhatItWaitsForUntilThereIsAView() {
        held.loading();
        browser.open(proxy.endpoint());

        await("what it waits for", () -> browser.text("#loading").contains("The test has not loaded it"));
        assertFalse(browser.shows("#content"));
        held.loaded();
        awaitWithin(SOON, "the content", () -> browser.shows("#content"));
        assertEquals("5", counted("tasks"));
        assertNoComplaints();
    }

    // what changes

    @Test
    void followsChangesOfEveryType() {
        open();

        held.put(later(on("prod", "web-3", "0b", "service:web", "PENDING"), "RUNNING"));
        awaitWithin(SOON, "a task that runs", () -> counted("tasks-running").equals("5"));
        held.put(on("test", "web-10", "0c", "service:web", "PROVISIONING"));
        awaitWithin(SOON, "a new task", () -> counted("tasks").equals("6"));
        held.remove(taskArn("prod", "cron-1"));
        awaitWithin(SOON, "a removal", () -> counted("tasks-stopped").equals("0"));

        assertEquals("PENDING → RUNNING", step(taskArn("prod", "web-3")));
        assertEquals("new → PROVISIONING", step(taskArn("test", "web-10")));
        assertEquals("STOPPED → removed", step(taskArn("prod", "cron-1")));
        assertNoComplaints();
    }

    private String step(String arn) {
        return browser.text("#changes [data-change='" + arn + "'] .step");
    }

    /** The promise of the view, kept on the page: the version of an entity never goes back. */
    @Test
    void takesNoChangeTwiceOrLate() {
        open();

        assertEquals(
                List.of(4L, 4L, 6L, 6L, 6L, 0L),
                browser.script(
                        """
                return import(`${location.origin}/state.js`).then(({ State, KINDS }) => {
                    const state = new State();
                    const held = [{ metadata: { entityVersion: '4' }, entity: { taskARN: 'a', lastStatus: 'PENDING' } }];
                    state.replace(Object.fromEntries(KINDS.map(
                        kind => [kind, { revision: 5, items: kind === 'task' ? held : [] }])));
                    const revision = () => state.tasks.get('a')?.revision ?? 0;
                    return [revision(), ...[['changed', 5], ['changed', 6], ['changed', 6], ['removed', 6], ['removed', 7]]
                        .map(([type, at]) => {
                            state.apply({ kind: 'task', type, arn: 'a', metadata: { entityVersion: `${at}` },
                                entity: { taskARN: 'a', lastStatus: 'RUNNING' } });
                            return revision();
                        })];
                });
                """));
        assertNoComplaints();
    }

    @Test
    void holdsTheListOfChangesStill() {
        open();
        browser.click("#pause");
        held.put(on("test", "web-10", "0c", "service:web", "PROVISIONING"));

        await("that there are more", () -> browser.text("#log h2").endsWith("paused; 1 new"));
        assertEquals(0, browser.count("#changes li"));
        browser.click("#pause");
        await("the change", () -> browser.count("#changes li") == 1);
        assertNoComplaints();
    }

    // whether it can be believed

    @Test
    void saysThatItIsStaleAndNoMoreWhenItIsNot() {
        open();
        held.confirmedAt(Instant.now().minus(Duration.ofHours(2)));

        awaitWithin(SOON, "the banner", this::hasBanner);
        assertTrue(browser.text("#banner").startsWith("Stale: the state may be out of date\n"));
        held.confirmedAt(Instant.now());
        awaitWithin(SOON, "no banner", () -> !hasBanner());
        assertNoComplaints();
    }

    @Test
    void saysThatItsStreamIsCutAndGoesOnWithoutAReload() {
        open();
        browser.script("window.isTheSame = true");
        proxy.refuse(true);

        awaitWithin(SOON, "the banner", this::hasBanner);
        assertTrue(browser.text("#banner").matches("(?s)Not updated since \\d\\d:\\d\\d:\\d\\d: .*"));
        assertEquals("not connected", browser.text("#connection"));
        held.put(on("test", "web-10", "0c", "service:web", "PROVISIONING"));
        proxy.refuse(false);

        awaitWithin(SOON, "the stream", () -> !hasBanner());
        await("what was missed", () -> step(taskArn("test", "web-10")).equals("new → PROVISIONING"));
        assertEquals("6", counted("tasks"));
        assertEquals(true, browser.script("return window.isTheSame"));
        assertNoComplaintsButOfConnections();
    }

    @Test
    void noticesAServerThatIsSilent() {
        open();
        proxy.silence(true);

        awaitWithin(Duration.ofSeconds(40), "the banner", this::hasBanner);
        proxy.silence(false);
        await("the stream", () -> !hasBanner());
        assertNoComplaintsButOfConnections();
    }

    @Test
    void listsEverythingAgainWhenTooMuchWasMissed() {
        open();
        proxy.refuse(true);
        for (int i = 0; i < 2_500; i++) {
            held.put(task("test", "more-" + i));
        }
        proxy.refuse(false);

        await("all of them", () -> counted("tasks").equals("2,505"));
        assertTrue(browser.text("#changes").contains("The page loaded everything again"));
        assertNoComplaintsButOfConnections();
    }

    /** A store in memory counts its revisions from the beginning when its process does. */
    @Test
    void listsEverythingAgainWhenTheServerCountsAnew() {
        for (int i = 0; i < 50; i++) {
            held.put(on("prod", "old-" + i, "0a", "service:web", "RUNNING"));
        }
        open();
        int port = rest.port();
        rest.close();
        held.close();
        awaitWithin(SOON, "the banner", this::hasBanner);
        assertTrue(browser.text("#banner").contains("The server"));
        held = new Held();
        held.put(task("prod", "only"));
        rest = Rest.of(held, options -> options.bind = "127.0.0.1:" + port);

        await("what there is now", () -> counted("tasks").equals("1"));
        await("no banner", () -> !hasBanner());
        assertNoComplaintsButOfConnections();
    }

    @Test
    void saysWhatIsWrongThoughTheViewIsFresh() {
        open();
        held.complain("the queue has no redrive policy");

        await("the problem", () -> browser.text("#problems").equals("The queue has no redrive policy"));
        assertFalse(hasBanner());
        assertNoComplaints();
    }

    // choosing

    @Test
    void searchesInstancesServicesAndTasks() {
        open();
        browser.type("/", "mail");

        await("one service", () -> browser.count("#services tbody tr") == 1);
        assertTrue(browser.shows("tr[data-arn='" + serviceArn("prod", "mail") + "']"));
        assertEquals(1, browser.count(".block"));
        assertTrue(browser.shows(".block[data-arn='" + instanceArn("prod", "0b") + "']"));
        assertEquals(1, browser.count("#selection .tasks li"));
        assertTrue(browser.address().endsWith("#q=mail"));
        browser.type(Keys.ESCAPE);
        await("all services", () -> browser.count("#services tbody[data-rows='services'] tr") == 3);
        assertNoComplaints();
    }

    @Test
    void searchesByStatusAndInstance() {
        open("#q=pending");
        await("the pending task", () -> browser.count("#selection .tasks li") == 1);

        open("#q=i-0a");
        await("the instance", () -> browser.count(".block") == 1);
        assertEquals(2, browser.count("#selection .tasks li"));

        open("#q=nothing+at+all");
        await("nothing", () -> browser.count(".block") == 0);
        assertNoComplaints();
    }

    @Test
    void showsOneClusterAndSharesItByItsAddress() {
        open();
        browser.click(".card:nth-child(3)");

        await("the cluster's tasks", () -> counted("tasks").equals("1"));
        assertTrue(browser.address().endsWith("#cluster=test"));
        assertEquals("1", counted("instances"));
        assertEquals("1", counted("services"));
        assertEquals(1, browser.count(".block"));

        open("#cluster=prod&q=mail");
        await("the cluster", () -> browser.count("#services tbody tr") == 1);
        assertEquals("4", counted("tasks"));
        assertNoComplaints();
    }

    @Test
    void showsTheTasksOfWhatIsSelected() {
        open();
        browser.click("tr[data-arn='" + serviceArn("prod", "web") + "'] button");

        await("the service", () -> browser.text("#selection h2").equals("Service web"));
        assertEquals("3 tasks", browser.text("#selection h3"));
        browser.click("#selection .tasks [data-arn='" + taskArn("prod", "web-1") + "']");
        await("the task", () -> browser.text("#selection h2").equals("Task web-1"));
        browser.click("#selection dd [data-select='" + instanceArn("prod", "0a") + "']");
        await("its instance", () -> browser.text("#selection h2").equals("Instance i-0a"));
        assertEquals("2 tasks", browser.text("#selection h3"));
        assertNoComplaints();
    }

    @Test
    void showsTheFirstTasksOfVeryManyAndHowManyMore() {
        for (int i = 0; i < 250; i++) {
            held.put(on("prod", "many-" + i, "0a", "service:web", "RUNNING"));
        }
        open("#q=many");

        await("the first", () -> browser.count("#selection .tasks li") == 200);
        assertEquals("and 50 more", browser.text("#selection .more"));
        assertNoComplaints();
    }

    // with keys alone, and in little space

    @Test
    void obeysTheKeyboard() {
        open();
        browser.type("/");
        assertEquals("search", browser.focus());

        browser.script("document.querySelector('.block[tabindex=\"0\"]').focus()");
        assertTrue(browser.focus().startsWith("i-0a, ACTIVE"));
        browser.type(Keys.ARROW_RIGHT);
        assertTrue(browser.focus().startsWith("i-0b, ACTIVE"));
        assertTrue(browser.shows("#card"));
        assertEquals(1, browser.count(".block[tabindex='0']"));
        browser.type(Keys.ENTER);
        await("the instance", () -> browser.text("#selection h2").equals("Instance i-0b"));

        browser.type(Keys.ESCAPE);
        assertFalse(browser.shows("#card"));
        browser.type(Keys.ESCAPE);
        await("nothing selected", () -> !browser.shows("#selection"));
        assertNoComplaints();
    }

    @Test
    void comesToEveryPartByTheTabKey() {
        open();
        StringBuilder way = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            browser.type(Keys.TAB);
            way.append(browser.focus().replace("\n", " ")).append('\n');
        }

        List<String> stops =
                List.of("search", "All", "RUNNING", "Service\n", "mail", "stops-search", "i-0a, ACTIVE", "pause");
        int from = 0;
        for (String stop : stops) {
            int at = way.indexOf(stop, from);
            assertTrue(at >= from, stop + " does not come after what is before it in\n" + way);
            from = at;
        }
    }

    @Test
    void fitsANarrowScreen() {
        browser.size(320, 640);
        for (String hash : List.of("", "#q=web", "#select=" + instanceArn("prod", "0a"), "#cluster=test")) {
            open(hash);

            assertEquals(0L, excess(), hash);
        }
        proxy.refuse(true);
        await("the banner", this::hasBanner);
        assertEquals(0L, excess());
    }

    /** By how much the page is wider than the screen. */
    private Object excess() {
        return browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }
}
