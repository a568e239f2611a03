package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.testing.Entities;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares every payload in {@code ecs-events} with its line in {@code expected-outcomes.tsv}, which follows from the
 * payload and the documentation of ECS.
 */
class CorpusTest {

    private static final Map<String, String> BODIES = Payloads.all();

    /** The expected content of a payload; {@code -} where the outcome has no such part. */
    record Expected(
            String path, String outcome, String kind, String arn, String clusterArn, String version, String says) {

        static Expected parse(String line) {
            String[] cells = line.split("\t", -1);
            return new Expected(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]);
        }

        @Override
        public String toString() {
            return path;
        }
    }

    static Stream<Expected> expectations() {
        return Payloads.lines("expected-outcomes.tsv").stream().skip(1).map(Expected::parse);
    }

    @Test
    void everyPayloadHasALineAndEveryLineAPayload() {
        Set<String> lines = expectations().map(Expected::path).collect(Collectors.toSet());

        assertEquals(BODIES.keySet(), lines);
        assertEquals(lines.size(), expectations().count());
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void everyPayloadSaysWhatIsExpected(Expected expected) {
        ParsedBody reading = ParsedBodies.read(BODIES.get(expected.path()));

        assertEquals(expected, described(expected, reading), () -> reading.toString());
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void everyChangeIsToldByAnEventOfNow(Expected expected) {
        if (ParsedBodies.read(BODIES.get(expected.path())) instanceof ParsedBody.StateChange change) {
            Observed<?> told = change.upsert().observed();

            assertEquals(Origin.EVENT, told.origin());
            assertEquals(Entities.NOW, told.observedAt());
            assertEquals(0, told.revision());
        }
    }

    /** A reading as a line of the table; what it says is repeated as expected if it contains that. */
    private static Expected described(Expected expected, ParsedBody reading) {
        String path = expected.path();
        if (reading instanceof ParsedBody.StateChange change) {
            Observed<?> told = change.upsert().observed();
            String version = Long.toString(told.version());
            return new Expected(path, "change", told.kind().toString(), told.arn(), told.clusterArn(), version, "-");
        }
        if (reading instanceof ParsedBody.Hint hint) {
            String says = part(expected, hint.reason());
            String cluster = hint.clusterArn().orElse("-");
            return new Expected(path, "hint", hint.kind().toString(), hint.arn(), cluster, "-", says);
        }
        if (reading instanceof ParsedBody.Notice notice) {
            String cluster = notice.clusterArn().orElse("-");
            return new Expected(path, "notice", "service", notice.serviceArn(), cluster, "-", notice.eventName());
        }
        if (reading instanceof ParsedBody.Unconfirmed unconfirmed) {
            return new Expected(path, "unconfirmed", "-", "-", "-", "-", part(expected, unconfirmed.reason()));
        }
        return reading instanceof ParsedBody.Irrelevant irrelevant
                ? new Expected(path, "irrelevant", "-", "-", "-", "-", part(expected, irrelevant.reason()))
                : new Expected(
                        path,
                        "unreadable",
                        "-",
                        "-",
                        "-",
                        "-",
                        part(expected, ((ParsedBody.Unreadable) reading).reason()));
    }

    private static String part(Expected expected, String reason) {
        return reason.contains(expected.says()) ? expected.says() : reason;
    }
}
