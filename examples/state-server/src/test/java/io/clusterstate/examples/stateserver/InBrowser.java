package io.clusterstate.examples.stateserver;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests that share one browser; each class has its own. */
abstract class InBrowser {

    static Browser browser;

    @BeforeAll
    static void startBrowser() throws InterruptedException {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }
}
