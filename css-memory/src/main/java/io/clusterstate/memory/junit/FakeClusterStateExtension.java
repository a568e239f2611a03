package io.clusterstate.memory.junit;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a {@link FakeClusterState} of its own, by parameters of that type or of the type
 * {@link ClusterStateView}, whose view it is: of test methods, of {@code @BeforeEach} and {@code @AfterEach} methods,
 * and of constructors.
 *
 * <p>After the test it closes the fake. If a listener threw in a test that passed all the same, since its failure was
 * caught on the way, the test fails with that; unless it said {@link FakeClusterState#expectFailures}.
 *
 * <p>Not for {@code @BeforeAll} methods, nor for constructors of {@code PER_CLASS} tests, which belong to no one test.
 */
public final class FakeClusterStateExtension implements ParameterResolver, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(FakeClusterStateExtension.class);

    /** For {@code @ExtendWith}. */
    public FakeClusterStateExtension() {}

    /** A constructor's parameters belong to the test that it is called for. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return test.getTestMethod().isPresent() && (type == FakeClusterState.class || type == ClusterStateView.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        FakeClusterState fake = fakeOf(test);
        return parameter.getParameter().getType() == ClusterStateView.class ? fake.view() : fake;
    }

    private static FakeClusterState fakeOf(ExtensionContext test) {
        Store store = test.getStore(NAMESPACE);
        FakeClusterState known = store.get(test.getUniqueId(), FakeClusterState.class);
        if (known != null) {
            return known;
        }
        FakeClusterState fake = new FakeClusterState();
        store.put(test.getUniqueId(), fake);
        return fake;
    }

    @Override
    public void afterEach(ExtensionContext test) {
        FakeClusterState fake = test.getStore(NAMESPACE).remove(test.getUniqueId(), FakeClusterState.class);
        if (fake != null) {
            fake.close();
            if (test.getExecutionException().isEmpty()) {
                fake.assertNoFailures();
            }
        }
    }
}
