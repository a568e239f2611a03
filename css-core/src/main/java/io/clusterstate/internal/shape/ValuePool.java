package io.clusterstate.internal.shape;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.EphemeralStorage;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/**
 * A pool that makes equal small values one object, as {@link StringPool} does for strings. Examples are the attributes
 * of all instances of a type, and the overrides of all tasks of a service.
 *
 * <p>Thread: safe for any thread, as {@link StringPool}.
 */
final class ValuePool {

    static final ValuePool SHARED = new ValuePool(1 << 13);

    private static final Set<Class<?>> RECURRING = Set.of(
            Attribute.class,
            CapacityProviderStrategyItem.class,
            ContainerOverride.class,
            DeploymentConfiguration.class,
            EphemeralStorage.class,
            LoadBalancer.class,
            ManagedAgent.class,
            NetworkConfiguration.class,
            Resource.class,
            Tag.class,
            TaskOverride.class,
            VersionInfo.class);

    private final @Nullable Object[] places;

    ValuePool(int places) {
        this.places = new Object[places];
    }

    /** The shared value that equals this one; the value itself if its type does not recur. */
    Object share(Object value) {
        if (!RECURRING.contains(value.getClass())) {
            return value;
        }
        int hash = value.hashCode();
        int place = (hash ^ (hash >>> 16)) & (places.length - 1);
        Object found = places[place];
        if (found != null && found.equals(value)) {
            return found;
        }
        places[place] = value;
        return value;
    }
}
