package io.clusterstate.micrometer;

import io.clusterstate.client.DelegationReason;
import io.clusterstate.client.ViewEcsClient;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;

/**
 * The counts of a {@link ViewEcsClient} as Micrometer meters: {@code css.client.local}, the requests that the view
 * answered, by {@code operation}; and {@code css.client.delegated}, those that went to ECS, by {@code reason}, such as
 * {@code own_write}.
 *
 * <p>Thread: safe for any thread.
 */
@SuppressWarnings("exports") // a host that uses this package requires Micrometer itself
public final class ViewClientMetrics implements MeterBinder {

    /** The operations that a view answers. */
    private static final List<String> OPERATIONS = List.of(
            "ListClusters",
            "DescribeClusters",
            "ListTasks",
            "DescribeTasks",
            "ListContainerInstances",
            "DescribeContainerInstances",
            "ListServices",
            "DescribeServices",
            "DescribeTaskDefinition");

    private final ViewEcsClient client;

    private ViewClientMetrics(ViewEcsClient client) {
        this.client = client;
    }

    /**
     * The meters of a client.
     *
     * @param client the client
     * @return the meters, not bound yet
     */
    public static ViewClientMetrics of(ViewEcsClient client) {
        return new ViewClientMetrics(client);
    }

    /**
     * Registers the meters, each with every value of its tag. The registry does not hold the client.
     *
     * @param registry the registry
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        for (String operation : OPERATIONS) {
            FunctionCounter.builder("css.client.local", client, each -> each.counts()
                            .local()
                            .getOrDefault(operation, 0L))
                    .tag("operation", operation)
                    .description("Requests that the view answered")
                    .register(registry);
        }
        for (DelegationReason reason : DelegationReason.values()) {
            FunctionCounter.builder("css.client.delegated", client, each -> each.counts()
                            .delegated(reason))
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .description("Requests that went to ECS")
                    .register(registry);
        }
    }
}
