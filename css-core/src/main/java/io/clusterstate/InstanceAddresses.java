package io.clusterstate;

import io.clusterstate.spi.InstanceAddressResolver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * The private addresses of container instances, for {@link Snapshot#endpoints(InstanceAddresses)}. It asks a resolver
 * in {@link #refresh} alone, so that a read never waits for it.
 *
 * <p>An EC2 instance keeps its primary private address for life, so each instance is resolved once, and forgotten once
 * the view has it no longer. Source: the EC2 user guide, "Amazon EC2 instance IP addressing".
 *
 * <p>Thread: safe for any thread. Blocks: in {@link #refresh} alone.
 */
public final class InstanceAddresses {

    private static final InstanceAddresses NONE = new InstanceAddresses(ids -> Map.of());

    private final InstanceAddressResolver resolver;
    private volatile Map<String, String> known = Map.of();

    private InstanceAddresses(InstanceAddressResolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Addresses that a resolver finds; none before the first {@link #refresh}.
     *
     * @param resolver the resolver
     * @return the addresses
     */
    public static InstanceAddresses by(InstanceAddressResolver resolver) {
        return new InstanceAddresses(resolver);
    }

    /** No addresses: endpoints on the hosts' ports are then unknown. */
    static InstanceAddresses none() {
        return NONE;
    }

    /**
     * Resolves the instances of a snapshot that are not known yet, and forgets those that it does not have. Call it
     * when instances are added, such as from a listener, which has a thread of its own. Once each instance is resolved
     * it makes no call. Blocks while the resolver does, and while another thread refreshes.
     *
     * @param snapshot the last snapshot
     * @throws RuntimeException if the resolver throws it; the known addresses stay
     */
    public synchronized void refresh(Snapshot snapshot) {
        Set<String> ids = snapshot.instances().stream()
                .filter(instance -> instance.ec2InstanceId() != null && !EntityKind.INSTANCE.hasEnded(instance))
                .map(ContainerInstance::ec2InstanceId)
                .collect(Collectors.toSet());
        Map<String, String> next = new HashMap<>(known);
        next.keySet().retainAll(ids);
        Set<String> missing = new HashSet<>(ids);
        missing.removeAll(next.keySet());
        if (!missing.isEmpty()) {
            Map<String, String> resolved = resolver.resolve(Set.copyOf(missing));
            missing.forEach(id -> Optional.ofNullable(resolved.get(id)).ifPresent(address -> next.put(id, address)));
        }
        known = Map.copyOf(next);
    }

    /**
     * The address of an instance.
     *
     * @param ec2InstanceId the id
     * @return the private address; empty if no refresh has found it
     */
    public Optional<String> of(String ec2InstanceId) {
        return Optional.ofNullable(known.get(ec2InstanceId));
    }
}
