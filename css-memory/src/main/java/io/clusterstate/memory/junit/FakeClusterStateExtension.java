package io.clusterstate.memory.junit;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.FakeSubscribers;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a {@link FakeClusterState} of its own. It resolves parameters of that type, and of the type
 * {@link ClusterStateView} to the view of the fake. Test methods, {@code @BeforeEach} and {@code @AfterEach} methods
 * and constructors can have such parameters.
 *
 * <p>After the test, the extension closes the fake. If a listener threw and the code under test caught the failure, a
 * test that passed otherwise fails here, unless it called {@link FakeSubscribers#expectFailures}.
 *
 * <p>{@code @BeforeAll} methods and constructors of {@code PER_CLASS} tests cannot have such parameters, since they
 * belong to no single test.
 */
@SuppressWarnings("exports") // a host that uses this package requires JUnit itself
public final class FakeClusterStateExtension implements ParameterResolver, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(FakeClusterStateExtension.class);

    /** Makes an extension, for {@code @ExtendWith}. */
    public FakeClusterStateExtension() {}

    /** A constructor's parameters belong to the test that it runs for. */
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
                fake.subscribers().assertNoFailures();
            }
        }
    }
}
