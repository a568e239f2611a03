package io.clusterstate.spi.contract.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Tests the contract itself: a correct store passes, and every flaw is noticed. */
class StateStoreContractTest {

    private static final int AT_LEAST = 70;

    @Test
    void theReferenceStoreKeepsTheContract() {
        Results results = Results.of(LauncherDiscoveryRequestBuilder.request());

        assertEquals(Map.of(), results.failed);
        assertTrue(results.passed.size() >= AT_LEAST, () -> "tests: " + results.passed.size());
    }

    @TestFactory
    Stream<DynamicTest> everyFlawIsNoticed() {
        return Stream.of(Flaw.values()).map(flaw -> DynamicTest.dynamicTest(flaw.name(), () -> assertIsNoticed(flaw)));
    }

    private static void assertIsNoticed(Flaw flaw) {
        PostDiscoveryFilter named = test -> FilterResult.includedIf(test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> flaw.noticedBy().contains(((MethodSource) source).getMethodName()))
                .orElse(!test.isTest()));
        Results results = Results.of(LauncherDiscoveryRequestBuilder.request()
                .filters(named)
                .configurationParameter(ContractOnTrial.FLAW, flaw.name()));

        assertEquals(flaw.noticedBy(), results.failed.keySet(), () -> "passed: " + results.passed);
    }

    /** The names of the tests by result. */
    private static final class Results implements TestExecutionListener {

        private final Set<String> passed = new TreeSet<>();
        private final Map<String, Throwable> failed = new TreeMap<>();

        static Results of(LauncherDiscoveryRequestBuilder request) {
            LauncherDiscoveryRequest onTrial = request.selectors(DiscoverySelectors.selectClass(ContractOnTrial.class))
                    .build();
            Results results = new Results();
            LauncherFactory.create().execute(onTrial, results);
            return results;
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            String name = test.getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(source -> ((MethodSource) source).getMethodName())
                    .orElseGet(test::getDisplayName);
            if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                failed.put(name, result.getThrowable().orElseThrow());
            } else if (test.isTest()) {
                passed.add(name);
            }
        }
    }
}
