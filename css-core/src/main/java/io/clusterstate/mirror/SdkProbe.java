package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.shape.AwsSdk;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.VersionRule;
import java.time.Instant;
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Checks, without any call of AWS, that the AWS SDK on the class path has the features that a mirror needs. An SDK that
 * is too old thus fails when the mirror is built.
 */
final class SdkProbe {

    private SdkProbe() {}

    /** Fails with the required version if the SDK on the class path is too old. */
    static void check() {
        AwsSdk.requireShapes();
        AwsSdk.require(SdkProbe::makeARequest);
        AwsSdk.require(SdkProbe::compareAnswers);
    }

    private static void makeARequest() {
        EcsApi.once().plugins().forEach(plugin -> plugin.configureClient(EcsServiceClientConfiguration.builder()));
    }

    private static void compareAnswers() {
        compare(EntityKind.TASK, Task.builder().taskArn("probe").build());
        compare(
                EntityKind.INSTANCE,
                ContainerInstance.builder().containerInstanceArn("probe").build());
    }

    private static <T> void compare(EntityKind<T> kind, T value) {
        Observed<T> event = Observed.of(kind, "probe", value, Origin.EVENT, Instant.EPOCH);
        Change<T> answer = Upsert.of(kind, "probe", value, Origin.DESCRIBE, Instant.EPOCH);
        VersionRule.decide(event, null, answer, Instant.MIN);
    }
}
