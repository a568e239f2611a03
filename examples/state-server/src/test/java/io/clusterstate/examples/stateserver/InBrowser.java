package io.clusterstate.examples.stateserver;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;

/** The tests of a class share one browser; another class has another. */
abstract class InBrowser {

    private static final Map<Class<?>, Browser> BROWSERS = new ConcurrentHashMap<>();

    final Browser browser = Objects.requireNonNull(BROWSERS.get(getClass()));

    @BeforeAll
    static void startBrowser(TestInfo test) throws InterruptedException {
        synchronized (BROWSERS) { // since it may have to be installed
            BROWSERS.put(test.getTestClass().orElseThrow(), Browser.start());
        }
    }

    @AfterAll
    static void endBrowser(TestInfo test) {
        Browser browser = BROWSERS.remove(test.getTestClass().orElseThrow());
        if (browser != null) {
            browser.close();
        }
    }
}
