package io.clusterstate.examples.stateserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.Upsert;
import io.clusterstate.sqs.SqsEventSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openqa.selenium.Keys;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Measures the page in a browser under load: {@code examples/run page-trace [TASKS ENDED EVENTS_A_SECOND SECONDS]}. It
 * prints the bytes of the first lists, the time until the page shows them, and how busy the browser's main thread is:
 * while it loads, while somebody only looks, and while somebody searches and chooses.
 */
final class PageTrace {

    private static final Duration BETWEEN_KEYS = Duration.ofMillis(400);

    private static final String LISTS =
            """
            const lists = performance.getEntriesByType('resource')
                .filter(each => each.initiatorType === 'fetch' && !each.name.endsWith('freshness'));
            return lists.length + ' answers, ' + lists.reduce((sum, each) => sum + each.decodedBodySize, 0)
                + ' bytes, compressed ' + lists.reduce((sum, each) => sum + each.encodedBodySize, 0);
            """;

    private PageTrace() {}

    /** Runs the measurement. */
    public static void main(String[] arguments) throws Exception {
        int tasks = number(arguments, 0, 5_000);
        int ended = number(arguments, 1, 40_000);
        int rate = number(arguments, 2, 200);
        int seconds = number(arguments, 3, 40);
        Options options = new Options();
        options.bind = "127.0.0.1:0";
        options.simulate = true;
        options.simulateTasks = tasks;
        try (EcsAccess access = EcsAccess.open(options, options.where.places().get(0), 0);
                Browser browser = Browser.start()) {
            MemoryStateStore store = EcsAccess.memory(InstantSource.system());
            MirrorSource source = new MirrorSource(mirror(access, store));
            HttpServer http = new HttpServer(source, options);
            http.listen();
            source.start();
            source.view().awaitReady(Duration.ofMinutes(2));
            end(store, ended);
            access.simulator().orElseThrow().drive(rate);
            TimeUnit.SECONDS.sleep(5); // the server's compiler is at work
            say("Load", tasks + " tasks, " + ended + " ended, " + rate + " events a second");
            trace(browser, http.port(), seconds);
            say("View", held(source.view().snapshot()));
            http.close();
            source.close();
        }
    }

    private static int number(String[] arguments, int at, int otherwise) {
        return arguments.length > at ? Integer.parseInt(arguments[at]) : otherwise;
    }

    private static ClusterMirror mirror(EcsAccess access, MemoryStateStore store) {
        EcsAccess.Clients there = access.clients().orElseThrow();
        return ClusterMirror.builder()
                .ecs(there.ecs())
                .events(SqsEventSource.of(there.sqs(), there.queue()))
                .store(store)
                .consistencyAllowance(Duration.ofSeconds(6))
                .reconcileEvery(Duration.ofMinutes(5))
                .build();
    }

    /** Adds tasks that have ended: copies of the living ones. */
    private static void end(MemoryStateStore store, int ended) {
        List<Observed<Task>> living =
                store.snapshot().tasks().status("RUNNING").observed().toList();
        List<Upsert<?>> copies = new ArrayList<>();
        Instant now = Instant.now();
        for (int i = 0; i < ended; i++) {
            Observed<Task> task = living.get(i % living.size());
            Task copy = task.value().toBuilder()
                    .taskArn(task.arn().substring(0, task.arn().length() - 6) + String.format("%06x", i))
                    .lastStatus("STOPPED")
                    .desiredStatus("STOPPED")
                    .stopCode("EssentialContainerExited")
                    .stoppedReason("Essential container in task exited")
                    .stoppedAt(now)
                    .build();
            copies.add(Upsert.of(EntityKind.TASK, task.clusterArn(), copy, Origin.LOAD, now));
        }
        store.apply(copies);
    }

    private static String held(Snapshot now) {
        int stopped = now.tasks().status("STOPPED").count();
        return (now.tasks().count() - stopped) + " living tasks, " + stopped + " ended, "
                + now.instances().count() + " instances, " + now.services().count() + " services, "
                + now.clusters().count() + " clusters";
    }

    private static void trace(Browser browser, int port, int seconds) throws Exception {
        browser.size(1280, 800);
        browser.noteWhenShown();
        ChromeTrace trace = ChromeTrace.begin(browser.debugger());
        browser.open(URI.create("http://127.0.0.1:" + port + "/"));
        Browser.awaitWithin(Duration.ofMinutes(1), "the content", () -> browser.shows("#content"));
        say("First lists", browser.script(LISTS));
        say("Shown after", browser.script("return Math.round(window.shownAt) + ' ms'"));
        TimeUnit.SECONDS.sleep(5);
        browser.script("performance.mark('looking')");
        TimeUnit.SECONDS.sleep(seconds);
        browser.script("performance.mark('using')");
        use(browser);
        browser.script("performance.mark('over')");
        say("Nodes", browser.script("return document.querySelectorAll('*').length"));
        var events = trace.end();
        MainThread page = MainThread.of(events);
        double[] marks = {page.begin(), at(events, "looking"), at(events, "using"), at(events, "over")};
        String[] names = {"Loading", "Looking", "Searching, choosing"};
        for (int i = 0; i < names.length; i++) {
            MainThread part = page.between(marks[i], marks[i + 1]);
            say(names[i], part.line((marks[i + 1] - marks[i]) / 1_000_000));
            say("", part.most());
        }
        say("All", page.between(marks[0], marks[3]).line((marks[3] - marks[0]) / 1_000_000));
    }

    private static double at(List<JsonNode> events, String mark) {
        return events.stream()
                .filter(each -> each.path("name").asText().equals(mark) && each.has("ts"))
                .mapToDouble(each -> each.get("ts").asDouble())
                .max()
                .orElseThrow();
    }

    /** Searches by ten letters, looks at what is found, chooses a service, and a task of it. */
    private static void use(Browser browser) throws InterruptedException {
        browser.type("/");
        for (String letter : List.of("r", "u", "n", "n", "i", "n", "g", " ", "s")) {
            browser.type(letter);
            TimeUnit.MILLISECONDS.sleep(BETWEEN_KEYS.toMillis());
        }
        TimeUnit.SECONDS.sleep(3);
        browser.type(Keys.ESCAPE);
        TimeUnit.SECONDS.sleep(1);
        browser.script("document.querySelector('#services tbody button').click()");
        TimeUnit.SECONDS.sleep(3);
        browser.script("document.querySelector('#selection .tasks button').click()");
        TimeUnit.SECONDS.sleep(3);
    }

    private static void say(String name, Object words) {
        System.out.printf("%-20s %s%n", name, words);
    }
}
