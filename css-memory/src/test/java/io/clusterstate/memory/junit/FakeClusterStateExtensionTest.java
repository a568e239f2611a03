package io.clusterstate.memory.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What the extension gives a test, and which tests it fails. */
class FakeClusterStateExtensionTest {

    @Test
    void eachTestHasOneFakeWhichIsClosedAfterwards() {
        AskingOnTrial.GIVEN.clear();

        assertEquals(Map.of("first", Optional.empty(), "second", Optional.empty()), run(AskingOnTrial.class));
        assertEquals(2, AskingOnTrial.GIVEN.size());
        AskingOnTrial.GIVEN.forEach(fake -> assertFalse(fake.view().isReady()));
    }

    @Test
    void aTestWhoseListenerThrewFailsUnlessThatIsExpected() {
        Map<String, Optional<Throwable>> results = run(FailingOnTrial.class);

        assertEquals("boom", cause(results.get("surfaces")));
        assertEquals(0, results.get("surfaces").orElseThrow().getSuppressed().length);
        assertEquals("boom", cause(results.get("isCaught")));
        assertEquals(Optional.empty(), results.get("isExpected"));
    }

    private static String cause(Optional<Throwable> failure) {
        return failure.orElseThrow().getCause().getMessage();
    }

    /** How the tests of a class end: with a failure, or without. */
    private static Map<String, Optional<Throwable>> run(Class<?> tests) {
        Map<String, Optional<Throwable>> ends = new TreeMap<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(tests))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    ends.put(test.getDisplayName().replaceFirst("\\(.*", ""), result.getThrowable());
                }
            }
        });
        return ends;
    }
}
