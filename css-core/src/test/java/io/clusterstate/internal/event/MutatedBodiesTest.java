package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.internal.json.ShapeReader;
import io.clusterstate.internal.json.ShapeWriter;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.testing.Seeds;
import io.clusterstate.testing.Soak;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Bodies with random damage: each is read, without an exception and at a bounded cost, and what is read can be stored,
 * found and logged.
 */
class MutatedBodiesTest {

    private static final int BODIES_A_SEED = 100;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final JsonFactory JSON = new JsonFactory();
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<String> BODIES = List.copyOf(Payloads.all().values());

    /** The first body of each kind loads classes. */
    @BeforeAll
    static void warmUp() {
        BODIES.forEach(ParsedBodies::read);
    }

    @Test
    @Tag("soak")
    void aDamagedBodyIsReadOrUnreadable() {
        Map<String, Integer> readings = new TreeMap<>();
        Seeds.forEach(Soak.size("hundred mutated bodies", 200, 1_000), random -> {
            BodyMutations mutations = new BodyMutations(BODIES, random);
            for (int i = 0; i < BODIES_A_SEED; i++) {
                readings.merge(kindOf(mutations.next()), 1, Integer::sum);
            }
        });
        System.out.println("soak: mutated bodies by what was read: " + readings);
        assertTrue(readings.size() >= 5, readings::toString);
    }

    @SuppressWarnings("IllegalCatch") // whatever is thrown, the failure names the body
    private static String kindOf(String body) {
        try {
            ParsedBody reading = readWithinBounds(body);
            assertIsSound(reading);
            EventReader.topicOf(body);
            return reading.getClass().getSimpleName();
        } catch (Throwable e) {
            throw new AssertionError(
                    e + " of " + body.length() + " characters: " + body.substring(0, Math.min(body.length(), 4_000)),
                    e);
        }
    }

    private static ParsedBody readWithinBounds(String body) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long began = THREADS.getCurrentThreadCpuTime();
        ParsedBody reading = ParsedBodies.read(body);
        long nanos = THREADS.getCurrentThreadCpuTime() - began;
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;

        assertNotNull(reading);
        assertEquals(ParsedBodies.content(reading), ParsedBodies.content(ParsedBodies.read(body)), "read twice");
        assertTrue(nanos < LONGEST_NANOS, () -> nanos + " ns of processor time");
        assertTrue(bytes < mostBytes(body), () -> bytes + " bytes for " + body.length() + " characters");
        return reading;
    }

    private static long mostBytes(String body) {
        return 1_000_000 + 50L * body.length();
    }

    private static void assertIsSound(ParsedBody reading) throws IOException {
        if (reading instanceof ParsedBody.StateChange change) {
            assertIsSound(change.upsert().observed());
        } else if (reading instanceof ParsedBody.Hint hint) {
            assertAreArns(hint.kind(), hint.arn(), hint.clusterArn());
            assertIsShort(hint.reason());
        } else if (reading instanceof ParsedBody.Notice notice) {
            assertAreArns(EntityKind.SERVICE, notice.serviceArn(), notice.clusterArn());
        } else if (reading instanceof ParsedBody.Unreadable unreadable) {
            assertIsShort(unreadable.reason());
        } else if (reading instanceof ParsedBody.Irrelevant irrelevant) {
            assertIsShort(irrelevant.reason());
        }
    }

    private static void assertAreArns(EntityKind<?> kind, String arn, Optional<String> cluster) {
        assertTrue(Detail.isArnOf(kind, arn), arn);
        cluster.ifPresent(each -> assertTrue(Detail.isArnOf(EntityKind.CLUSTER, each), each));
    }

    /** A reason goes to the log, and into problems. */
    private static void assertIsShort(String reason) {
        assertTrue(reason.length() <= ParsedBody.LONGEST_REASON, () -> reason.length() + " characters: " + reason);
    }

    private static <T> void assertIsSound(Observed<T> observed) throws IOException {
        assertAreArns(observed.kind(), observed.arn(), Optional.of(observed.clusterArn()));
        assertTrue(observed.version() > 0, () -> "version " + observed.version());
        assertEquals(observed.kind().versionOf(observed.value()), observed.version());
        assertEquals(Origin.EVENT, observed.origin());
        assertEquals(observed.value(), rewritten(observed), "written as JSON, and read again");

        Snapshot snapshot =
                SnapshotEditor.of(SnapshotEditor.empty()).put(observed).toSnapshot(1);
        assertEquals(
                observed.value(),
                snapshot.observed(observed.kind(), observed.arn()).orElseThrow().value());
        assertEquals(List.of(observed.value()), snapshot.query(observed.kind()).list());
        assertNotNull(observed.toString());
    }

    /** As a store keeps it: in UTF-8. */
    private static Object rewritten(Observed<?> observed) throws IOException {
        PojoShape shape = PojoShape.ofEntity(observed.kind().type());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            new ShapeWriter(json).writePojo((SdkPojo) observed.value(), shape);
        }
        try (JsonParser json = JSON.createParser(bytes.toByteArray())) {
            json.nextToken();
            ShapeReader reader = new ShapeReader(json);
            Object again = reader.readPojo(shape);
            assertEquals(null, reader.flaw());
            return again;
        }
    }
}
