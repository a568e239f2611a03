package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static io.clusterstate.testing.Entities.cluster;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Task;

/** The page fetches and draws little, however many tasks there are. Tests count, since times depend on the machine. */
@Timeout(300)
class PageCostTest extends InBrowser {

    private final Held held = new Held();
    private final Rest rest = Rest.of(held);

    @BeforeEach
    void fill() {
        held.put(EntityKind.CLUSTER, "prod", cluster("prod"));
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "0a"));
        held.put(EntityKind.SERVICE, "prod", service("prod", "web"));
    }

    @AfterEach
    void end() {
        assertEquals(List.of(), browser.complaints());
        browser.leave();
        rest.close();
        held.close();
    }

    private void put(String prefix, int count, String status) {
        for (int i = 0; i < count; i++) {
            held.put(of(prefix + i, status));
        }
    }

    private static Task of(String id, String status) {
        return task("prod", id, change -> change.containerInstanceArn(instanceArn("prod", "0a"))
                .group("service:web")
                .lastStatus(status)
                .containers(Container.builder().name("web").image("web:1").build()));
    }

    private void open(String hash) {
        browser.size(1280, 800);
        browser.open(URI.create("http://127.0.0.1:" + rest.port() + "/" + hash));
        await("the stream", () -> browser.text("#connection").equals("live"));
    }

    private String counted(String name) {
        return browser.text("[data-count='" + name + "']");
    }

    private long number(String script) {
        return ((Number) browser.script("return " + script)).longValue();
    }

    @Test
    void fetchesNoEndedTaskAndCountsThem() {
        put("living-", 10, "RUNNING");
        put("ended-", 300, "STOPPED");
        open("");

        await("their number", () -> counted("tasks-stopped").equals("300"));
        assertEquals("10", counted("tasks"));
        long bytes = number(
                "performance.getEntriesByType('resource')"
                        + ".filter(each => each.initiatorType === 'fetch').reduce((sum, each) => sum + each.decodedBodySize, 0)");
        assertTrue(bytes < 20_000, "bytes of the lists: " + bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"STOPPED", "DELETED"})
    void forgetsATaskThatEnds(String status) {
        put("living-", 3, "RUNNING");
        open("");
        held.put(of("living-1", status).toBuilder().version(99L).build());

        await("its end", () -> counted("tasks").equals("2"));
        await("its number", () -> counted("tasks-stopped").equals("1"));
        assertEquals("2 running", browser.text("tr[data-select] td.tasks .unseen"));
    }

    @Test
    void fetchesATaskThatHasEndedWhenItIsSelected() {
        put("ended-", 1, "STOPPED");
        open("#select=" + taskArn("prod", "ended-0"));

        await("the task", () -> browser.text("#selection dl").contains("web: unknown"));
        assertEquals("Task ended-0", browser.text("#selection h2"));
    }

    @Test
    void saysThatNobodyHasATask() {
        open("#select=" + taskArn("prod", "never"));

        await("no task", () -> browser.text("#selection h2").equals("Not in the view"));
        assertEquals(1, browser.complaints().size(), "complaints: the browser's own of a 404");
    }

    @Test
    void fetchesTheContainersOfATaskWhenItIsSelectedAndAgainAfterAChange() {
        put("living-", 1, "RUNNING");
        open("#select=" + taskArn("prod", "living-0"));
        await("its container", () -> browser.text("#selection dl").contains("web: unknown"));
        held.put(of("living-0", "RUNNING").toBuilder()
                .version(99L)
                .containers(
                        Container.builder().name("web").lastStatus("STOPPED").build())
                .build());

        await("its container", () -> browser.text("#selection dl").contains("web: STOPPED"));
    }

    @Test
    void listsInPartsOfAThousand() {
        put("living-", 1_005, "RUNNING");
        open("");

        await("all", () -> counted("tasks").equals("1,005"));
        assertEquals(
                2,
                number(
                        "performance.getEntriesByType('resource').filter(each => each.name.includes('/brief/tasks')).length"));
    }

    @Test
    void drawsAsManyNodesForAThousandTasksAsForFourHundred() {
        put("living-", 400, "RUNNING");
        open("#q=service:web");
        await("the matches", () -> browser.count("#selection .tasks li") == 200);
        long few = number("document.querySelectorAll('#content :not(#log *)').length");
        put("more-", 600, "RUNNING");

        await("all", () -> counted("tasks").equals("1,000"));
        await("the same nodes", () -> number("document.querySelectorAll('#content :not(#log *)').length") == few);
    }

    @Test
    void preparesTheTextsOfASearchBeforeItsFirstLetter() {
        put("living-", 500, "RUNNING");
        open("");
        browser.script(
                """
                window.lowered = 0;
                const real = String.prototype.toLowerCase;
                String.prototype.toLowerCase = function () {
                    window.lowered += 1;
                    return real.call(this);
                };
                """);
        browser.type("/", "w", "e");

        await("the matches", () -> browser.count("#selection .tasks li") == 200);
        assertTrue(number("window.lowered") < 100, "texts made at a letter: " + number("window.lowered"));
    }

    @Test
    void makesAFewPartsAFrame() {
        open("");
        assertEquals(
                List.of(3L, true, 6L, true, 7L, false, "0,1,2,3,4,5,6"),
                browser.script(
                        """
                return import(`${location.origin}/dom.js`).then(({ beginFrame, isFrameShort, Keyed, make }) => {
                    const list = make('ul');
                    const keyed = new Keyed(list, key => ({ node: make('li', {}, key) }), { canWait: true });
                    const found = [];
                    for (let i = 0; i < 3; i++) {
                        beginFrame(3);
                        keyed.place(['0', '1', '2', '3', '4', '5', '6']);
                        found.push(list.children.length, isFrameShort());
                    }
                    beginFrame(Infinity);
                    return [...found, [...list.children].map(each => each.textContent).join()];
                });
                """));
    }

    /** The clock here advances by 3 ms at each look, so that 8 ms are over after three steps. */
    @Test
    void letsTheBrowserDrawBetweenSlicesAndKeepsTheOrder() {
        open("");
        assertEquals(
                List.of("a1 a2 a3 | a4 a5 a6 | a7 b", 2L),
                browser.script(
                        """
                return import(`${location.origin}/slices.js`).then(async ({ Slices }) => {
                    const [now, pause] = [performance.now, scheduler.yield];
                    let [time, pauses] = [0, 0];
                    const done = [];
                    performance.now = () => time += 3;
                    scheduler.yield = () => { pauses += 1; done.push('|'); return Promise.resolve(); };
                    try {
                        const slices = new Slices();
                        slices.add(function *() {
                            for (let i = 1; i <= 7; i++) {
                                done.push(`a${i}`);
                                yield;
                            }
                        });
                        await slices.add(() => { done.push('b'); });
                    } finally {
                        performance.now = now;
                        scheduler.yield = pause;
                    }
                    return [done.join(' '), pauses];
                });
                """));
    }
}
