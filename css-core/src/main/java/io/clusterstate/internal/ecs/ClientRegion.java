package io.clusterstate.internal.ecs;

import java.util.Optional;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;

/** The Region of an ECS client, as far as the client says it. */
public final class ClientRegion {

    private ClientRegion() {}

    /**
     * The Region of a client.
     *
     * @param client any client; one of the host's own making may not say its Region
     * @return the Region's id; empty if the client does not say it
     */
    public static Optional<String> of(EcsClient client) {
        try {
            return Optional.ofNullable(client.serviceClientConfiguration())
                    .map(EcsServiceClientConfiguration::region)
                    .map(Region::id);
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
