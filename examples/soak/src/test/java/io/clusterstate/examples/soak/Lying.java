package io.clusterstate.examples.soak;

import io.clusterstate.CompositeSnapshot;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** Snapshots that lie in one method. */
final class Lying {

    private Lying() {}

    static CompositeSnapshot about(CompositeSnapshot honest, String lie, Object answer) {
        return (CompositeSnapshot) Proxy.newProxyInstance(
                CompositeSnapshot.class.getClassLoader(),
                new Class<?>[] {CompositeSnapshot.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals(lie)) {
                        return answer;
                    }
                    return method.isDefault() && method.getName().equals("query")
                            ? InvocationHandler.invokeDefault(proxy, method, arguments)
                            : method.invoke(honest, arguments);
                });
    }
}
