package io.clusterstate.spi;

import java.util.Map;
import java.util.Set;

/**
 * Finds the private addresses of EC2 instances, commonly by EC2's DescribeInstances. The host application brings it,
 * since css calls ECS and SQS alone.
 *
 * <p>Thread: one call at a time for each {@link io.clusterstate.InstanceAddresses}. May block.
 */
@FunctionalInterface
public interface InstanceAddressResolver {

    /**
     * The private addresses of instances.
     *
     * @param ec2InstanceIds ids such as {@code i-0123456789abcdef0}, or {@code mi-…} of external instances; not empty,
     *     and as many as the view has instances at the first call
     * @return an address, IPv4 or IPv6, for each id that is known; the others are asked for again at the next refresh
     * @throws RuntimeException if the addresses cannot be found now; the caller of the refresh receives it
     */
    Map<String, String> resolve(Set<String> ec2InstanceIds);
}
