package io.clusterstate.examples.stateserver;

import static io.clusterstate.examples.stateserver.Browser.await;
import static io.clusterstate.testing.Entities.cluster;
import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.instanceArn;
import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.serviceArn;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.clusterstate.EntityKind;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;
import software.amazon.awssdk.services.ecs.model.Task;

/** Where the keyboard's focus is after a choice, and what a screen reader reads. */
@Timeout(300)
class PageFocusTest extends InBrowser {

    private static final String WEB = "tr[data-arn='" + serviceArn("prod", "web") + "'] button";

    /** Neighbouring texts of a line, a link or a button that have no space between them. */
    private static final String RUN_TOGETHER =
            """
            return [...document.querySelectorAll('#content li, #content a, #content button, header li')].flatMap(part => {
                const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
                const found = [];
                let before = '';
                while (walker.nextNode()) {
                    const { data, parentElement } = walker.currentNode;
                    if (data && !parentElement.closest('[aria-hidden]')) {
                        if (/\\S$/.test(before) && /^\\S/.test(data)) {
                            found.push(before + '|' + data);
                        }
                        before = data;
                    }
                }
                return found;
            });
            """;

    private final Held held = new Held();
    private Rest rest;

    @BeforeEach
    void serve() {
        held.put(EntityKind.CLUSTER, "prod", cluster("prod"));
        held.put(EntityKind.INSTANCE, "prod", instance("prod", "0a"));
        held.put(EntityKind.SERVICE, "prod", service("prod", "web"));
        held.put(EntityKind.SERVICE, "prod", service("prod", "mail"));
        held.put(on("web-1", "service:web", "RUNNING"));
        held.put(on("web-2", "service:web", "RUNNING"));
        held.put(on("cron-1", "family:worker", "RUNNING"));
        rest = Rest.of(held);
        browser.size(1280, 800);
        open("");
    }

    @AfterEach
    void end() {
        assertEquals(List.of(), browser.complaints());
        browser.leave();
        rest.close();
        held.close();
    }

    private static Task on(String id, String group, String status) {
        return task("prod", id, change -> change.containerInstanceArn(instanceArn("prod", "0a"))
                .group(group)
                .lastStatus(status));
    }

    private void open(String hash) {
        browser.open(URI.create("http://127.0.0.1:" + rest.port() + "/" + hash));
        await("the stream", () -> browser.text("#connection").equals("live"));
    }

    private void focusOn(String selector) {
        browser.script("document.querySelector(arguments[0]).focus()", selector);
    }

    /** Presses Enter there, as somebody without a mouse. */
    private void choose(String selector, String title) {
        focusOn(selector);
        browser.type(Keys.ENTER);
        await(title, () -> browser.text("#selection h2").equals(title));
    }

    private void close() {
        browser.type(Keys.ESCAPE);
        await("nothing selected", () -> !browser.shows("#selection"));
    }

    private static String line(String id) {
        return "#selection .tasks [data-arn='" + taskArn("prod", id) + "']";
    }

    private boolean hasFocus(String selector) {
        return (Boolean) browser.script("return document.activeElement.matches(arguments[0])", selector);
    }

    private void awaitFocus(String selector) {
        await("the focus on " + selector + ", which is on " + browser.focus(), () -> hasFocus(selector));
    }

    @Test
    void staysOnTheRowThatWasChosenAndOnTheBlock() {
        choose(WEB, "Service web");
        awaitFocus(WEB);
        close();
        awaitFocus(WEB);
        choose(".block", "Instance i-0a");
        awaitFocus(".block");
    }

    @Test
    void goesToTheTitleOfATaskThatIsChosenInTheSelection() {
        choose(WEB, "Service web");
        choose(line("web-1"), "Task web-1");

        awaitFocus("#selection-title");
    }

    @Test
    void goesToTheTitleOfWhatATaskLinksTo() {
        open("#select=" + taskArn("prod", "web-1"));
        await("the task", () -> browser.shows("#selection dd [data-select]"));
        choose("#selection dd [data-select='" + instanceArn("prod", "0a") + "']", "Instance i-0a");

        awaitFocus("#selection-title");
    }

    @Test
    void returnsToTheRowWhenTheSelectionIsClosed() {
        choose(WEB, "Service web");
        choose(line("web-1"), "Task web-1");
        focusOn("#selection .close");
        browser.type(Keys.ENTER);

        await("nothing selected", () -> !browser.shows("#selection"));
        awaitFocus(WEB);
    }

    @Test
    void returnsToTheRowAtEscape() {
        choose(WEB, "Service web");
        focusOn(line("web-2"));
        close();

        awaitFocus(WEB);
    }

    @Test
    void returnsToTheMatchThatWasChosen() {
        browser.type("/", "service:web");
        await("the matches", () -> browser.count("#selection .tasks li") == 2);
        choose(line("web-2"), "Task web-2");
        focusOn("#selection .close");
        browser.type(Keys.ENTER);

        await("the matches", () -> browser.count("#selection .tasks li") == 2);
        awaitFocus(line("web-2"));
    }

    @Test
    void returnsToTheBlockOfALinkThatWasFollowedHere() {
        open("#select=" + instanceArn("prod", "0a"));
        await("the instance", () -> browser.text("#selection h2").equals("Instance i-0a"));
        focusOn("#selection .close");
        browser.type(Keys.ENTER);

        await("nothing selected", () -> !browser.shows("#selection"));
        awaitFocus(".block");
    }

    @Test
    void staysOnALinkWhoseFactsAreDrawnAnew() {
        open("#select=" + taskArn("prod", "web-1"));
        String instance = "#selection dd [data-select='" + instanceArn("prod", "0a") + "']";
        await("the task", () -> browser.shows(instance));
        focusOn(instance);
        held.put(on("web-1", "service:web", "STOPPING").toBuilder().version(99L).build());

        await("its status", () -> browser.text("#selection dl").contains("STOPPING"));
        awaitFocus(instance);
    }

    @Test
    void goesToTheTitleWhenTheFocusedTaskEnds() {
        choose(WEB, "Service web");
        focusOn(line("web-1"));
        held.put(on("web-1", "service:web", "STOPPED").toBuilder().version(99L).build());

        await("its end", () -> browser.count("#selection .tasks li") == 1);
        awaitFocus("#selection-title");
    }

    @Test
    void staysNowhereAfterAClickBesideEverything() {
        choose(WEB, "Service web");
        browser.script("document.activeElement.blur()");
        browser.click("#selection dl");
        held.put(on("web-1", "service:web", "STOPPED").toBuilder().version(99L).build());

        await("its end", () -> browser.count("#selection .tasks li") == 1);
        assertNotEquals("", browser.text("#selection"));
        awaitFocus("body");
    }

    @Test
    void readsNoTwoTextsAsOne() {
        held.put(on("cron-1", "family:worker", "STOPPING").toBuilder()
                .version(99L)
                .build());
        held.remove(taskArn("prod", "web-2"));
        await("the changes", () -> browser.count("#changes li") == 2);
        choose(WEB, "Service web");
        assertEquals(List.of(), browser.script(RUN_TOGETHER));

        open("#q=web-1");
        await("the matches", () -> browser.count("#selection .tasks li") == 1);
        assertEquals(List.of(), browser.script(RUN_TOGETHER));
    }

    /** The cause of a change, after the family of its task. */
    @Test
    void readsAFamilyAndACauseAsTwoWords() {
        held.put(on("cron-1", "family:worker", "STOPPING").toBuilder()
                .version(99L)
                .build());

        await("the change", () -> browser.count("#changes li") == 1);
        assertEquals(
                true,
                browser.script("return /family:worker\\s/.test(document.querySelector('#changes li').textContent)"));
    }
}
