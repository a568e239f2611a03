package io.clusterstate.internal.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;

/** The Region of a client, or of a client that does not say one: a host's own, or a mock. */
class ClientRegionTest {

    @Test
    void aClientSaysItsRegion() {
        assertEquals(Optional.of("eu-west-1"), ClientRegion.of(client(() -> EcsServiceClientConfiguration.builder()
                .region(Region.EU_WEST_1)
                .build())));
    }

    @Test
    void aClientWithoutOneHasNone() {
        assertEquals(Optional.empty(), ClientRegion.of(client(() -> null)));
        assertEquals(Optional.empty(), ClientRegion.of(client(() -> EcsServiceClientConfiguration.builder()
                .build())));
        assertEquals(Optional.empty(), ClientRegion.of(client(() -> {
            throw new UnsupportedOperationException();
        })));
    }

    private static EcsClient client(Supplier<@Nullable EcsServiceClientConfiguration> configuration) {
        return new EcsClient() {

            @Override
            public @Nullable EcsServiceClientConfiguration serviceClientConfiguration() {
                return configuration.get();
            }

            @Override
            public String serviceName() {
                return "ecs";
            }

            @Override
            public void close() {}
        };
    }
}
