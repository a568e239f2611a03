package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.internal.event.EventReader;
import io.clusterstate.mirror.EventTriage.Verdict;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Task;

/** The trust in an event, by its own time and the present state of its entity. */
@Promise(3)
class EventTriageTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final Task KNOWN = Entities.task("prod", "known", 5);
    private static final Instant CONFIRMED = TestTime.START;
    private static final Instant BEFORE = CONFIRMED.minus(Duration.ofDays(3));
    private static final Instant AFTER = CONFIRMED.plusMillis(1);

    private final ReferenceStore store = new ReferenceStore();

    @ParameterizedTest
    @CsvSource({
        // entity, status, when by updatedAt, when by the envelope, replayed: what is done
        "unknown, RUNNING, before, before, no, asked as of the past",
        "unknown, RUNNING, before, after, no, asked as of the past",
        "unknown, RUNNING, -, before, no, asked as of the past",
        "unknown, RUNNING, unreadable, before, no, asked as of the past",
        "unknown, RUNNING, after, after, yes, asked as of the past",
        "unknown, RUNNING, -, -, yes, asked as of the past",
        "unknown, RUNNING, after, before, no, applied",
        "unknown, RUNNING, at, at, no, applied",
        "unknown, RUNNING, -, -, no, applied",
        "unknown, RUNNING, unreadable, -, no, applied",
        "unknown, STOPPED, before, before, yes, applied", // what has ended revives nothing
        "known, RUNNING, before, before, no, applied", // its version decides
        "known, RUNNING, before, before, yes, applied",
    })
    void anEventIsEvidenceOfItsOwnTime(
            String entity, String status, String updatedAt, String time, String replayed, String expected) {
        store.apply(List.of(Upsert.of(EntityKind.TASK, CLUSTER, KNOWN, Origin.LOAD, CONFIRMED)));
        String arn = entity.equals("known") ? KNOWN.taskArn() : Entities.taskArn("prod", "unknown");
        String body =
                """
                {"source":"aws.ecs","detail-type":"ECS Task State Change"%s%s,"detail":{"clusterArn":"%s","taskArn":"%s",
                 "lastStatus":"%s","version":3%s}}
                """
                        .formatted(
                                member("time", time),
                                replayed.equals("yes") ? ",\"replay-name\":\"r1\"" : "",
                                CLUSTER,
                                arn,
                                status,
                                member("updatedAt", updatedAt));

        Verdict verdict = triage().judge(EventReader.read(body, AFTER.plusSeconds(60)));

        if (expected.equals("applied")) {
            assertInstanceOf(Verdict.Apply.class, verdict);
        } else {
            assertEquals(new Verdict.Describe(EntityKind.TASK, CLUSTER, arn, true), verdict);
        }
    }

    private EventTriage triage() {
        Selection selection = new Selection(Clusters.all(), List.of(EntityKind.TASK));
        selection.home().configure(CLUSTER);
        return new EventTriage(
                selection, store, cluster -> Optional.of(CONFIRMED).filter(upTo -> cluster.equals(CLUSTER)));
    }

    private static String member(String name, String when) {
        String value =
                switch (when) {
                    case "before" -> BEFORE.toString();
                    case "at" -> CONFIRMED.toString();
                    case "after" -> AFTER.toString();
                    default -> when;
                };
        return when.equals("-") ? "" : ",\"" + name + "\":\"" + value + "\"";
    }
}
