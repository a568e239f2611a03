package io.clusterstate;

import io.clusterstate.spi.Change;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random batches of changes to a few tasks, instances and services, with late ones, duplicates and removals. */
final class Turmoil {

    private static final int IDS = 8;
    private static final List<String> STATUSES = List.of("PENDING", "RUNNING", "RUNNING", "STOPPED");

    private final Random random;
    private int moment;

    Turmoil(Random random) {
        this.random = random;
    }

    List<Change<?>> batch() {
        List<Change<?>> changes = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            changes.add(change());
        }
        return changes;
    }

    private Change<?> change() {
        String id = Integer.toString(random.nextInt(IDS));
        long version = 1L + moment++ / 6 + random.nextInt(3);
        return switch (random.nextInt(6)) {
            case 0 ->
                SampleChanges.missing(EntityKind.TASK, Entities.taskArn(SampleChanges.CLUSTER, id), version, moment);
            case 1 -> SampleChanges.byEvent(EntityKind.INSTANCE, Entities.instance(SampleChanges.CLUSTER, id, version));
            case 2 -> SampleChanges.service(random.nextBoolean() ? "ACTIVE" : "DRAINING", moment);
            default ->
                SampleChanges.byEvent(
                        EntityKind.TASK, Entities.task(SampleChanges.CLUSTER, id, task -> task.version(version)
                                .lastStatus(STATUSES.get(random.nextInt(STATUSES.size())))));
        };
    }
}
