package io.clusterstate.spi;

import static io.clusterstate.EntityKind.SERVICE;
import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.spi.Removal.Reason.RETENTION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.spi.contract.SampleChanges;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The rule as a table. {@code event 3} is version 3 by event, received at second 50. {@code api 3 @10} is version 3 by
 * an API answer that was requested at second 10, and is tagged 10. {@code old} is a task whose retention is over.
 * {@code gone} and {@code expired} are removals up to a version, for the two reasons.
 */
class VersionRuleTest {

    private static final int RECEIVED = 50;
    private static final Instant KEPT_SINCE = SampleChanges.after(-3_600);
    private static final Pattern CELL = Pattern.compile("(?<what>event|api|service|gone|expired)( (?<version>\\d+))?"
            + "( @(?<asked>\\d+))?( (?<end>stopped|old|ended))?( tagged (?<tag>\\d+))?");

    @ParameterizedTest(name = "{0}, then {1}: {2}, {3}")
    @Promise({1, 2})
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            nothing           | event 3           | ADDED     | event 3
            nothing           | api 3 @10         | ADDED     | api 3 @10
            nothing           | event 3 stopped   | ADDED     | event 3 stopped
            event 3           | event 2           | OUTDATED  | event 3
            event 3           | event 3           | DUPLICATE | event 3
            event 3           | event 4           | UPDATED   | event 4
            event 3           | event 9           | UPDATED   | event 9
            event 3           | event 4 stopped   | UPDATED   | event 4 stopped
            event 3           | event 3 stopped   | ENRICHED  | event 3 stopped
            event 3           | api 2 @10         | ENRICHED  | event 3 tagged 10
            event 3           | api 3 @10         | ENRICHED  | api 3 @10
            event 3           | api 4 @10         | UPDATED   | api 4 @10
            api 3 @10         | event 2           | OUTDATED  | api 3 @10
            api 3 @10         | event 3           | DUPLICATE | api 3 @10
            api 3 @10         | event 4           | UPDATED   | event 4 tagged 10
            api 3 @10         | api 3 @5          | DUPLICATE | api 3 @10
            api 3 @10         | api 3 @10         | DUPLICATE | api 3 @10
            api 3 @10         | api 3 @20         | ENRICHED  | api 3 @20
            api 3 @10         | api 2 @5          | OUTDATED  | api 3 @10
            api 3 @10         | api 2 @20         | ENRICHED  | api 3 @10 tagged 20
            api 3 @10         | api 4 @5          | UPDATED   | api 4 @5 tagged 10
            api 3 @10         | api 4 @10         | UPDATED   | api 4 @10
            event 4 tagged 10 | api 3 @20         | ENRICHED  | event 4 tagged 20
            event 4 tagged 10 | api 3 @5          | OUTDATED  | event 4 tagged 10
            event 4 tagged 10 | event 5           | UPDATED   | event 5 tagged 10
            event 3 stopped   | event 3           | DUPLICATE | event 3 stopped
            event 3 stopped   | event 4           | DUPLICATE | event 3 stopped
            event 3 stopped   | api 4 @10         | ENRICHED  | event 3 stopped tagged 10
            event 3 stopped   | event 2           | OUTDATED  | event 3 stopped
            event 3 stopped   | event 4 stopped   | UPDATED   | event 4 stopped
            api 3 @10         | event 3 stopped   | ENRICHED  | event 3 stopped tagged 10
            """)
    void tellingsOfOneTask(String kept, String told, Outcome outcome, String keptThen) {
        assertDecides(kept, told, outcome, keptThen);
    }

    @ParameterizedTest(name = "{0}, then {1}: {2}, {3}")
    @Promise(3)
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            nothing           | gone 3 @10        | DUPLICATE | gone 3 @10
            event 3           | gone 3 @10        | REMOVED   | gone 3 @10
            event 3           | gone 4 @10        | REMOVED   | gone 4 @10
            event 3           | gone 2 @10        | OUTDATED  | event 3
            api 3 @10         | gone 3 @9         | OUTDATED  | api 3 @10
            api 3 @10         | gone 3 @10        | REMOVED   | gone 3 @10
            api 3 @10         | gone 4 @9         | REMOVED   | gone 4 @9
            event 4 tagged 10 | gone 4 @5         | REMOVED   | gone 4 @5
            event 3 stopped   | gone 3 @10        | REMOVED   | gone 3 @10
            gone 3 @10        | event 2           | OUTDATED  | gone 3 @10
            gone 3 @10        | event 3           | OUTDATED  | gone 3 @10
            gone 3 @10        | event 3 stopped   | OUTDATED  | gone 3 @10
            gone 3 @10        | event 4           | ADDED     | event 4
            gone 3 @10        | event 4 stopped   | ADDED     | event 4 stopped
            gone 3 @10        | api 2 @99         | OUTDATED  | gone 3 @10
            gone 3 @10        | api 3 @10         | OUTDATED  | gone 3 @10
            gone 3 @10        | api 3 @11         | ADDED     | api 3 @11
            gone 3 @10        | api 4 @1          | ADDED     | api 4 @1
            gone 3 @10        | gone 3 @10        | DUPLICATE | gone 3 @10
            gone 3 @10        | gone 3 @20        | DUPLICATE | gone 3 @20
            gone 3 @10        | gone 3 @5         | DUPLICATE | gone 3 @10
            gone 3 @10        | gone 4 @1         | DUPLICATE | gone 4 @1
            gone 3 @10        | gone 2 @99        | DUPLICATE | gone 3 @10
            """)
    void removalsOfATask(String kept, String told, Outcome outcome, String keptThen) {
        assertDecides(kept, told, outcome, keptThen);
    }

    @ParameterizedTest(name = "{0}, then {1}: {2}, {3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            nothing           | event 3 old       | EXPIRED   | expired 3 @50
            event 2           | event 3 old       | UPDATED   | event 3 old
            event 3 old       | event 3 old       | DUPLICATE | event 3 old
            event 3 old       | expired 3 @0      | REMOVED   | expired 3 @0
            gone 3 @10        | event 3 old       | EXPIRED   | expired 3 @50
            gone 3 @10        | event 4 old       | EXPIRED   | expired 4 @50
            gone 5 @10        | event 3 old       | EXPIRED   | gone 5 @10
            expired 3 @0      | event 2           | OUTDATED  | expired 3 @0
            expired 3 @0      | event 3 stopped   | EXPIRED   | expired 3 @50
            expired 3 @0      | api 3 @10 stopped | EXPIRED   | expired 3 @10
            expired 3 @0      | event 4 stopped   | ADDED     | event 4 stopped
            """)
    void retentionOfATask(String kept, String told, Outcome outcome, String keptThen) {
        assertDecides(kept, told, outcome, keptThen);
    }

    @ParameterizedTest(name = "{0}, then {1}: {2}, {3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            service @10       | service @20       | UPDATED   | service @20
            service @20       | service @10       | DUPLICATE | service @20
            service @10       | service @20 ended | UPDATED   | service @20 ended
            service @10 ended | service @20       | UPDATED   | service @20
            service @20 ended | service @10       | DUPLICATE | service @20 ended
            service @10       | gone 0 @9         | OUTDATED  | service @10
            service @10       | gone 0 @10        | REMOVED   | gone 0 @10
            service @10 ended | gone 0 @9         | OUTDATED  | service @10 ended
            service @10 ended | expired 0 @10     | REMOVED   | expired 0 @10
            service @20       | expired 0 @10     | OUTDATED  | service @20
            gone 0 @10        | service @10       | OUTDATED  | gone 0 @10
            gone 0 @10        | service @11       | ADDED     | service @11
            gone 0 @10        | service @11 ended | ADDED     | service @11 ended
            expired 0 @10     | service @5        | OUTDATED  | expired 0 @10
            expired 0 @10     | service @20       | ADDED     | service @20
            expired 0 @10     | service @20 ended | EXPIRED   | expired 0 @20
            """)
    void services(String kept, String told, Outcome outcome, String keptThen) {
        assertDecides(kept, told, outcome, keptThen);
    }

    @Test
    void anApiAnswerThatAddsNothingToAnotherDoesNotCountAgainstAnEarlierProof() {
        Observed<Task> known =
                SampleChanges.byApi(TASK, SampleChanges.running(3), 5).observed();

        Decision<Task> confirmed =
                VersionRule.decide(known, null, SampleChanges.byApi(TASK, SampleChanges.running(3), 20), KEPT_SINCE);
        Decision<Task> removed = VersionRule.decide(
                confirmed.present(), null, SampleChanges.missing(TASK, known.arn(), 3, 10), KEPT_SINCE);

        assertEquals(Outcome.DUPLICATE, confirmed.outcome());
        assertEquals(Outcome.REMOVED, removed.outcome());
    }

    @Test
    @Promise(2)
    void theFirstApiAnswerCountsEvenIfItAddsNothingAndLaterOnesDoNot() {
        Observed<Task> known =
                SampleChanges.byEvent(TASK, SampleChanges.running(3)).observed();

        Decision<Task> first =
                VersionRule.decide(known, null, SampleChanges.byApi(TASK, SampleChanges.running(3), 20), KEPT_SINCE);
        Decision<Task> second = VersionRule.decide(
                first.present(), null, SampleChanges.byApi(TASK, SampleChanges.running(3), 30), KEPT_SINCE);
        Decision<Task> proof =
                VersionRule.decide(first.present(), null, SampleChanges.missing(TASK, known.arn(), 3, 10), KEPT_SINCE);

        assertEquals(Outcome.ENRICHED, first.outcome());
        assertEquals(known.value(), first.present().value());
        assertEquals(Optional.of(SampleChanges.after(20)), first.present().describedAt());
        assertEquals(Outcome.DUPLICATE, second.outcome());
        assertSame(first.present(), second.present());
        assertEquals(Outcome.OUTDATED, proof.outcome(), "asked for before the answer");
    }

    @Test
    void theFirstApiAnswerCountsEvenIfItIsOfALowerVersion() {
        Observed<Task> known =
                SampleChanges.byEvent(TASK, SampleChanges.running(3)).observed();

        Decision<Task> first =
                VersionRule.decide(known, null, SampleChanges.byApi(TASK, SampleChanges.running(2), 20), KEPT_SINCE);

        assertEquals(Outcome.ENRICHED, first.outcome());
        assertEquals(known.value(), first.present().value());
        assertEquals(Origin.EVENT, first.present().origin());
        assertEquals(Optional.of(SampleChanges.after(20)), first.present().describedAt());
    }

    @Test
    void ofTwoAnswersOfOneVersionAndMomentTheFirstStands() {
        Observed<Task> first = SampleChanges.byApi(TASK, SampleChanges.described(SampleChanges.running(3), "first"), 10)
                .observed();
        Change<Task> second =
                SampleChanges.byApi(TASK, SampleChanges.described(SampleChanges.running(3), "second"), 10);

        Decision<Task> decision = VersionRule.decide(first, null, second, KEPT_SINCE);

        assertEquals(Outcome.DUPLICATE, decision.outcome());
        assertSame(first, decision.present());
    }

    @Test
    void aTaskEndedWhenItStoppedOrElseWhenThatWasObserved() {
        Task untimed = SampleChanges.stopped(3, 7).toBuilder().stoppedAt(null).build();

        assertEquals(
                SampleChanges.after(7),
                VersionRule.endedAt(SampleChanges.byApi(TASK, SampleChanges.stopped(3, 7), 99)
                        .observed()));
        assertEquals(
                SampleChanges.after(99),
                VersionRule.endedAt(SampleChanges.byApi(TASK, untimed, 99).observed()));
    }

    private static void assertDecides(String kept, String told, Outcome outcome, String keptThen) {
        boolean isService = (kept + told).contains("service");
        String decided = isService ? decide(SERVICE, kept, told) : decide(TASK, kept, told);

        assertEquals(outcome + ": " + keptThen, decided);
    }

    private static <T> String decide(EntityKind<T> kind, String kept, String told) {
        Change<T> before = kept.equals("nothing") ? null : change(kind, kept);
        Observed<T> present = before instanceof Upsert<T> upsert ? upsert.observed() : null;
        Removal<T> tombstone = before instanceof Removal<T> removal ? removal : null;
        Decision<T> decision = VersionRule.decide(present, tombstone, change(kind, told), KEPT_SINCE);
        Change<T> after = decision.present() == null ? decision.tombstone() : new Upsert<>(decision.present());
        return decision.outcome() + ": " + text(after);
    }

    /** The change that a cell stands for. */
    private static <T> Change<T> change(EntityKind<T> kind, String cell) {
        Matcher words = CELL.matcher(cell);
        assertTrue(words.matches(), cell);
        long version = words.group("version") == null ? 0 : Long.parseLong(words.group("version"));
        long asked = words.group("asked") == null ? 0 : Long.parseLong(words.group("asked"));
        String tag = words.group("tag") == null ? words.group("asked") : words.group("tag");
        boolean isRemoval = Set.of("gone", "expired").contains(words.group("what"));
        if (isRemoval) {
            Removal<T> missing = SampleChanges.missing(kind, arn(kind), version, asked);
            return words.group("what").equals("gone")
                    ? missing
                    : new Removal<>(kind, arn(kind), missing.clusterArn(), version, missing.at(), RETENTION);
        }
        T value = kind.type().cast(value(version, asked, words.group("end"), tag));
        Upsert<T> told = words.group("what").equals("event")
                ? SampleChanges.received(SampleChanges.byEvent(kind, value), RECEIVED)
                : SampleChanges.byApi(kind, value, asked);
        return tag == null
                ? told
                : new Upsert<>(told.observed().describedAs(value, SampleChanges.after(Long.parseLong(tag))));
    }

    private static Object value(long version, long asked, String end, String tag) {
        if (version == 0) {
            return Entities.service(SampleChanges.CLUSTER, "web", service -> service.desiredCount((int) asked)
                    .status(end == null ? "ACTIVE" : "INACTIVE"));
        }
        Task task = end == null
                ? SampleChanges.running(version)
                : SampleChanges.stopped(version, end.equals("old") ? -7_200 : 0);
        return tag == null ? task : SampleChanges.described(task, tag);
    }

    private static String arn(EntityKind<?> kind) {
        return kind == TASK
                ? Entities.taskArn(SampleChanges.CLUSTER, SampleChanges.TASK_ID)
                : Entities.serviceArn(SampleChanges.CLUSTER, "web");
    }

    /** The words for a change, as they stand in the table. */
    private static String text(Change<?> change) {
        if (change instanceof Removal<?> removal) {
            String what = removal.reason() == RETENTION ? "expired" : "gone";
            return what + " " + removal.version() + " @" + seconds(removal.at());
        }
        Observed<?> told = ((Upsert<?>) change).observed();
        String asked = told.origin().isApi() ? " @" + seconds(told.observedAt()) : "";
        if (told.value() instanceof Service) {
            return "service" + asked + (told.hasEnded() ? " ended" : "");
        }
        String end = !told.hasEnded() ? "" : VersionRule.endedAt(told).isBefore(KEPT_SINCE) ? " old" : " stopped";
        String tag = ((Task) told.value())
                .tags().stream().map(each -> " @" + each.value()).findFirst().orElse("");
        String what = (told.origin().isApi() ? "api " : "event ") + told.version() + asked + end;
        return tag.equals(asked) ? what : what + tag.replace("@", "tagged ");
    }

    private static long seconds(Instant moment) {
        return Duration.between(Entities.NOW, moment).toSeconds();
    }
}
