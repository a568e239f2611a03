package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.etcd.jetcd.ByteSequence;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that takes in updates by hand, without an etcd. */
class ReplicaTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final String UP_TO = "2026-03-01T12:00:00Z";

    private final Keys keys = new Keys("css");
    private final Replica replica = new Replica(keys, new ChangeJournal(), true);
    private final AtomicInteger moves = new AtomicInteger();
    private long revision = 10;
    private long writes;

    @BeforeEach
    void load() throws LostTrackException {
        Replica.Load load = replica.loadAll(false);
        load.add(List.of(put(keys.list(), "loaded " + UP_TO), put(keys.cluster(CLUSTER), UP_TO), head()));
        load.publish(revision);
        replica.afterMove(moves::incrementAndGet);
    }

    /** A copy of the confirmation would cost each write as much as there are clusters. */
    @Test
    void aChangeOfAnEntityLeavesTheConfirmationAsItIs() throws LostTrackException {
        Confirmation before = replica.confirmation();
        Observed<?> task = SampleChanges.event("a", 1).observed();

        follow(new KeyUpdate(
                keys.entity(EntityKind.TASK, task.clusterArn(), task.arn()),
                ValueFormat.write(task),
                ++revision,
                1,
                1));

        assertEquals(1, replica.journal().snapshot().tasks().count());
        assertSame(before, replica.confirmation());
        assertEquals(0, moves.get());
    }

    @Test
    void aConfirmedClusterMovesTheConfirmation() throws LostTrackException {
        follow(put(keys.cluster(CLUSTER), "2026-03-01T12:20:00Z"));

        assertEquals(
                Instant.parse("2026-03-01T12:20:00Z"),
                replica.confirmation().of(CLUSTER).orElseThrow());
        assertEquals(1, moves.get());
    }

    private void follow(KeyUpdate... updates) throws LostTrackException {
        List<KeyUpdate> all = new ArrayList<>(List.of(updates));
        all.add(head());
        replica.follow(all);
    }

    private KeyUpdate head() {
        return new KeyUpdate(keys.head(), new byte[0], ++revision, 1, ++writes);
    }

    private KeyUpdate put(ByteSequence key, String value) {
        return new KeyUpdate(key, value.getBytes(StandardCharsets.UTF_8), ++revision, 1, 1);
    }
}
