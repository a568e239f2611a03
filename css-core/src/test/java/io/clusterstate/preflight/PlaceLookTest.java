package io.clusterstate.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.preflight.PreflightFinding.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;

/** The comparison of places, while ECS has named no ARN and the client alone may know the Region. */
class PlaceLookTest {

    private static final Queue QUEUE =
            new Queue("http://queue", "arn:aws:sqs:eu-west-1:123456789012:css_queue", Map.of());

    @Test
    void aClientOfAnotherRegionIsFound() {
        PreflightFinding found = lookWith(configured(Region.US_EAST_1));

        assertEquals(Outcome.MISSING, found.outcome());
        assertEquals("the queue is in eu-west-1, ECS in us-east-1", found.found());
    }

    @Test
    void aClientOfTheSameRegionLeavesTheAccountUnknown() {
        assertEquals(
                "ECS's account is not known",
                lookWith(configured(Region.EU_WEST_1)).found());
    }

    @Test
    void aMockWithoutAConfigurationLeavesTheAccountUnknown() {
        PreflightFinding found = lookWith(null);

        assertEquals(Outcome.UNKNOWN, found.outcome());
        assertEquals("ECS's account is not known", found.found());
    }

    private static EcsServiceClientConfiguration configured(Region region) {
        return EcsServiceClientConfiguration.builder().region(region).build();
    }

    private static PreflightFinding lookWith(@Nullable EcsServiceClientConfiguration configuration) {
        Findings findings = new Findings();
        new PlaceLook(new Mock(configuration), findings).look(QUEUE, Optional.empty());
        return findings.of(List.of(PreflightCheck.PLACE), "no finding").get(0);
    }

    private record Mock(@Nullable EcsServiceClientConfiguration serviceClientConfiguration) implements EcsClient {

        @Override
        public String serviceName() {
            return "ecs";
        }

        @Override
        public void close() {}
    }
}
