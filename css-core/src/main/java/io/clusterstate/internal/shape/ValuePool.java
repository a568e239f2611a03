package io.clusterstate.internal.shape;

import java.util.Arrays;
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

    /** The recurring types, by the type of the builder. */
    private static final Set<Class<?>> RECURRING = Set.of(
            Attribute.builder().getClass(),
            CapacityProviderStrategyItem.builder().getClass(),
            ContainerOverride.builder().getClass(),
            DeploymentConfiguration.builder().getClass(),
            EphemeralStorage.builder().getClass(),
            LoadBalancer.builder().getClass(),
            ManagedAgent.builder().getClass(),
            NetworkConfiguration.builder().getClass(),
            Resource.builder().getClass(),
            Tag.builder().getClass(),
            TaskOverride.builder().getClass(),
            VersionInfo.builder().getClass());

    /** A value with its members. */
    private static final class Known {

        private final PojoShape shape;
        private final @Nullable Object[] members;
        private final Object value;

        Known(PojoShape shape, @Nullable Object[] members) {
            this.shape = shape;
            this.members = members;
            this.value = shape.build(members);
        }

        boolean has(PojoShape otherShape, @Nullable Object[] otherMembers) {
            return shape == otherShape && Arrays.equals(members, otherMembers);
        }
    }

    private final @Nullable Known[] places;

    ValuePool(int places) {
        this.places = new Known[places];
    }

    /** Whether equal values of a type recur. */
    static boolean isRecurring(Class<?> builder) {
        return RECURRING.contains(builder);
    }

    /**
     * The shared value with these members. Only an unknown value is built.
     *
     * @param shape the value's shape
     * @param members the members' values in the order of the shape; null for unset ones
     */
    Object share(PojoShape shape, @Nullable Object[] members) {
        int hash = 31 * shape.hashCode() + Arrays.hashCode(members);
        int place = (hash ^ (hash >>> 16)) & (places.length - 1);
        Known known = places[place];
        if (known == null || !known.has(shape, members)) {
            known = new Known(shape, members);
            places[place] = known;
        }
        return known.value;
    }
}
