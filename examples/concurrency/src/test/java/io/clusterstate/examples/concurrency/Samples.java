package io.clusterstate.examples.concurrency;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import java.time.Instant;
import software.amazon.awssdk.services.ecs.model.Task;

/** Two tasks of a cluster, at any version. */
final class Samples {

    static final String CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String[] ARNS = {
        "arn:aws:ecs:eu-west-1:123456789012:task/prod/0", "arn:aws:ecs:eu-west-1:123456789012:task/prod/1"
    };

    private Samples() {}

    static String arn(int task) {
        return ARNS[task];
    }

    static Upsert<Task> upsert(int task, int version) {
        Task value = Task.builder()
                .taskArn(arn(task))
                .clusterArn(CLUSTER)
                .lastStatus("RUNNING")
                .version((long) version)
                .build();
        return Upsert.of(EntityKind.TASK, CLUSTER, value, Origin.EVENT, NOW);
    }

    static Removal<Task> removal(int task, int version) {
        return new Removal<>(EntityKind.TASK, arn(task), CLUSTER, version, NOW, Removal.Reason.MISSING);
    }
}
