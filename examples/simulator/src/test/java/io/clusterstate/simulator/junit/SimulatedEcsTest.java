package io.clusterstate.simulator.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The simulators that the extension gives, their lifetimes, and its refusals. */
class SimulatedEcsTest {
    private static final String PASSED = "passed";

    @Test
    void eachTestHasASimulatorThatIsClosedAfterwards() {
        assertEachHasItsOwn(false);
    }

    @Test
    void testsInParallelHaveSimulatorsOfTheirOwn() {
        assertEachHasItsOwn(true);
    }

    @Test
    void aClassCanShareASimulator() {
        assertEquals(Map.of("first", PASSED, "second", PASSED, "third", PASSED), run(OnePerClassOnTrial.class, true));
        assertThrows(IllegalStateException.class, OnePerClassOnTrial.given::ecsEndpoint);
    }

    @Test
    void timeCanPassByItself() {
        assertEquals(Map.of("eventsCome", PASSED, "tasksTakeTheirSteps", PASSED), run(LiveOnTrial.class, false));
    }

    @Test
    void settingsThatMakeNoSimulatorAreRefusedInWords() {
        assertEquals(
                Map.of(
                        "clusters", "clusters: 0 (expected: at least 1)",
                        "instances", "instancesPerCluster: -2 (expected: at least 0)",
                        "rateOfStandingTime", "rate: 20.0 (expected: 0, or live = true so that time passes)",
                        "rateOfLiveTime", "rate: -1.0 (expected: zero or more)",
                        "perClass", "perClass: true at a method (expected: at a class)"),
                run(RefusedOnTrial.class, false));
        assertEquals(
                Map.of(
                        "RefusedOnTrial$OfNoTest",
                        "perClass: false (expected: true, for a parameter that belongs to no single test)"),
                run(RefusedOnTrial.OfNoTest.class, false));
    }

    private static void assertEachHasItsOwn(boolean inParallel) {
        OnePerTestOnTrial.GIVEN.clear();

        assertEquals(
                Map.of("first", PASSED, "second", PASSED, "ofItsOwn", PASSED, "ofTheClassAround", PASSED),
                run(OnePerTestOnTrial.class, inParallel));
        assertEquals(4, OnePerTestOnTrial.GIVEN.size());
        OnePerTestOnTrial.GIVEN.forEach(it -> assertThrows(IllegalStateException.class, it::ecsEndpoint));
    }

    /** The ends of the tests and failed classes of a class by name: passed, or the message of the failure. */
    private static Map<String, String> run(Class<?> tests, boolean inParallel) {
        var ends = new ConcurrentHashMap<String, String>();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(tests))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", String.valueOf(inParallel))
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest() || result.getThrowable().isPresent()) {
                    ends.put(
                            test.getDisplayName().replaceFirst("\\(.*", ""),
                            result.getThrowable()
                                    .map(SimulatedEcsTest::innermost)
                                    .orElse(PASSED));
                }
            }
        });
        return new TreeMap<>(ends);
    }

    /** The message of the innermost cause, without the parameter's name before it. */
    private static String innermost(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return Optional.ofNullable(cause.getMessage()).orElse(cause.toString());
    }
}
