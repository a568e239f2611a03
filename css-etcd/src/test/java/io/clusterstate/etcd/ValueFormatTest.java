package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.CLUSTER;
import static io.clusterstate.EntityKind.SERVICE;
import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Entities.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.spi.Removal;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.RandomEntities;
import io.clusterstate.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ValueFormatTest {

    private static final long REVISION = 7;
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final int ENTITIES = 500;

    @Test
    @Promise(13)
    void aTaskIsReadAndWrittenAsItStandsInTheFile() {
        assertStandsInFile(FormatOne.TASK_OF_AN_EVENT, "task.json");
    }

    @Test
    @Promise(13)
    void aContainerInstanceIsReadAndWrittenAsItStandsInTheFile() {
        assertStandsInFile(FormatOne.INSTANCE_OF_A_PASS, "container-instance.json");
    }

    @Test
    @Promise(13)
    void aServiceIsReadAndWrittenAsItStandsInTheFile() {
        assertStandsInFile(FormatOne.SERVICE_ASKED_FOR, "service.json");
    }

    @Test
    @Promise(13)
    void aClusterIsReadAndWrittenAsItStandsInTheFile() {
        assertStandsInFile(FormatOne.CLUSTER_OF_THE_LOAD, "cluster.json");
    }

    @Test
    @Promise(13)
    void aTombstoneIsReadAndWrittenAsItStandsInTheFile() {
        byte[] golden = FormatOne.file("tombstone.json");

        StoredValue.Tombstone read = assertInstanceOf(StoredValue.Tombstone.class, ValueFormat.read(golden, REVISION));

        assertEquals(new StoredValue.Tombstone(FormatOne.TOMBSTONE, FormatOne.UNTIL), read);
        assertEquals(text(golden), text(ValueFormat.write(read.removal(), read.until())));
    }

    @Test
    void anyTaskComesBackAsItWas() {
        Seeds.forEach(
                ENTITIES,
                random -> assertComesBack(
                        TASK, RandomEntities.withoutEmpties(random).task(), random));
    }

    @Test
    void anyContainerInstanceComesBackAsItWas() {
        Seeds.forEach(
                ENTITIES,
                random -> assertComesBack(
                        EntityKind.INSTANCE,
                        RandomEntities.withoutEmpties(random).instance(),
                        random));
    }

    @Test
    void anyServiceComesBackAsItWas() {
        Seeds.forEach(
                ENTITIES,
                random -> assertComesBack(
                        SERVICE, RandomEntities.withoutEmpties(random).service(), random));
    }

    @Test
    void anyClusterComesBackAsItWas() {
        Seeds.forEach(
                ENTITIES,
                random -> assertComesBack(
                        CLUSTER, RandomEntities.withoutEmpties(random).cluster(), random));
    }

    @Test
    void anyDefinitionComesBackAsItWas() {
        Seeds.forEach(
                ENTITIES,
                random -> assertComesBack(
                        EntityKind.TASK_DEFINITION,
                        RandomEntities.withoutEmpties(random).definition(),
                        random));
    }

    @Test
    void anyTombstoneComesBackAsItWas() {
        for (EntityKind<?> kind : EntityKind.all()) {
            for (Removal.Reason reason : Removal.Reason.values()) {
                Removal<?> removal =
                        new Removal<>(kind, Entities.taskArn("prod", ID), "prod", Long.MAX_VALUE, NOW, reason);

                assertEquals(
                        new StoredValue.Tombstone(removal, FormatOne.UNTIL),
                        ValueFormat.read(ValueFormat.write(removal, FormatOne.UNTIL), REVISION));
            }
        }
    }

    @Test
    @Promise(13)
    void whatALaterVersionAddsIsPassedOver() {
        String added = "\"added\":{\"a\":[1,{\"kind\":\"service\",\"format\":2}],\"b\":null},\"alsoAdded\":[[]],";
        String written = text(ValueFormat.write(FormatOne.TASK_OF_AN_EVENT))
                .replaceFirst("\"kind\"", added + "\"kind\"")
                .replaceFirst("\"value\":\\{", "\"value\":{" + added)
                .replaceFirst("\"containers\":\\[\\{", "\"containers\":[{" + added)
                .replaceFirst("}$", ",\"addedLast\":7.5,\"addedAsWell\":null}");

        assertEquals(9, written.split("dded", -1).length);
        assertEquals(fieldsOf(FormatOne.TASK_OF_AN_EVENT.at(REVISION)), fieldsOf(present(bytes(written))));
    }

    @Test
    @Promise(13)
    void whatALaterVersionAddsToATombstoneIsPassedOver() {
        String written = text(ValueFormat.write(FormatOne.TOMBSTONE, FormatOne.UNTIL))
                .replaceFirst("\"arn\"", "\"added\":[{}],\"arn\"");

        assertEquals(
                new StoredValue.Tombstone(FormatOne.TOMBSTONE, FormatOne.UNTIL),
                ValueFormat.read(bytes(written), REVISION));
    }

    @Test
    @Promise(13)
    void aLaterFormatIsKnownForThat() {
        for (byte[] golden : List.of(FormatOne.file("task.json"), FormatOne.file("tombstone.json"))) {
            assertTrue(unreadable(text(golden).replaceFirst("\"format\":1", "\"format\":2"))
                    .isLater());
        }
        assertEquals(
                new StoredValue.Unreadable(
                        "format 2 (expected: at most 1; a later version of the library wrote it)", true),
                unreadable("{\"format\":2,\"kind\":{\"of\":\"another kind\"}}"));
    }

    /**
     * A process that does not know a name cannot read the value, so that a new name needs a new format, or a new kind
     * keys of its own.
     */
    @Test
    @Promise(13)
    void theNamesOfFormatOneAreThoseInTheFile() {
        List<String> names = Stream.of(
                        EntityKind.all().stream()
                                .filter(kind -> kind != EntityKind.TASK_DEFINITION) // has keys of its own
                                .map(kind -> "kind " + kind),
                        Arrays.stream(Origin.values()).map(origin -> "origin " + origin.name()),
                        Arrays.stream(Removal.Reason.values()).map(reason -> "reason " + reason.name()))
                .flatMap(each -> each)
                .sorted()
                .toList();

        assertEquals(
                text(FormatOne.file("names.txt")).lines().toList(),
                names,
                "a new name is first read by one version of the library, under the next format");
    }

    @Test
    void whatIsNoneOfOursIsNotRead() {
        for (String strange : List.of(
                "",
                " ",
                "\u0000",
                "garbage",
                "null",
                "7",
                "\"text\"",
                "[]",
                "{}",
                "{\"format\":",
                "{\"format\":1",
                "{\"format\":1}",
                "{\"format\":0}",
                "{\"format\":-1}",
                "{\"format\":null}",
                "{\"format\":\"1\"}",
                "{\"format\":[1]}",
                "{\"format\":1,\"value\":{}}",
                "{\"format\":1,\"kind\":\"task\",\"value\":{}}",
                "{".repeat(5_000),
                "{\"format\":1,\"added\":" + "[".repeat(5_000))) {
            assertFalse(unreadable(strange).isLater(), strange);
        }
        assertFalse(unreadable(new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2}).isLater());
    }

    @Test
    void anUnknownKindIsNamed() {
        String written =
                text(ValueFormat.write(FormatOne.TASK_OF_AN_EVENT)).replace("\"kind\":\"task\"", "\"kind\":\"daemon\"");

        assertTrue(unreadable(written).why().startsWith("kind: daemon (expected: one of "), written);
    }

    @Test
    void everyFieldIsNeeded() {
        assertNeeds(
                FormatOne.file("container-instance.json"),
                "format",
                "kind",
                "cluster",
                "origin",
                "observedAt",
                "value",
                "containerInstanceArn");
        assertNeeds(
                FormatOne.file("tombstone.json"),
                "format",
                "kind",
                "cluster",
                "arn",
                "version",
                "at",
                "reason",
                "until");
    }

    /** As it would be if nobody had ever written it. */
    private static void assertNeeds(byte[] whole, String... names) {
        for (String name : names) {
            String written = text(whole).replaceFirst("\"" + name + "\":", "\"no" + name + "\":");

            assertFalse(written.equals(text(whole)), name);
            assertFalse(unreadable(written).isLater(), name);
        }
    }

    @Test
    void aFieldOfAnotherTypeIsNotGuessedAt() {
        for (String other : List.of("null", "7.5", "true", "[]", "{}", "\"\"", "\"other\"")) {
            assertRefuses(FormatOne.file("task.json"), other, "kind", "origin", "observedAt", "describedAt", "value");
            assertRefuses(FormatOne.file("tombstone.json"), other, "kind", "version", "at", "reason", "until");
        }
        for (String other : List.of("null", "7", "true", "[]", "{}")) {
            assertRefuses(FormatOne.file("task.json"), other, "cluster");
            assertRefuses(FormatOne.file("tombstone.json"), other, "cluster", "arn");
        }
        assertRefuses(FormatOne.file("tombstone.json"), "9223372036854775808", "version");
    }

    private static void assertRefuses(byte[] whole, String other, String... names) {
        for (String name : names) {
            String written = text(whole)
                    .replaceFirst("\"" + name + "\":(\"[^\"]*\"|[0-9]+|\\{.*}(?=}$))", "\"" + name + "\":" + other);

            assertFalse(written.equals(text(whole)), name);
            assertFalse(unreadable(written).isLater(), name + ": " + other);
        }
    }

    @Test
    void aFlawWithinTheEntityIsNamed() {
        String written = text(ValueFormat.write(FormatOne.TASK_OF_AN_EVENT))
                .replace("\"containers\":[", "\"containers\":7,\"no\":[");

        assertEquals(
                "containers: VALUE_NUMBER_INT (expected: a list)",
                unreadable(written).why());
    }

    @Test
    void whatWasCutOffIsNotRead() {
        for (String name : List.of("task.json", "service.json", "tombstone.json")) {
            byte[] golden = FormatOne.file(name);
            for (int length = 0; length < golden.length; length++) {
                assertFalse(unreadable(Arrays.copyOf(golden, length)).isLater(), name);
            }
        }
    }

    @Test
    void aKindThatIsToldTwiceDoesNoHarm() {
        String written =
                text(ValueFormat.write(FormatOne.TASK_OF_AN_EVENT)).replaceFirst("}$", ",\"kind\":\"service\"}");

        assertEquals(fieldsOf(FormatOne.TASK_OF_AN_EVENT.at(REVISION)), fieldsOf(present(bytes(written))));
    }

    @Test
    void noDamageIsAnException() {
        byte[] golden = FormatOne.file("service.json");
        Seeds.forEach(2_000, random -> {
            byte[] damaged = golden.clone();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            ValueFormat.read(damaged, REVISION);
        });
    }

    private static void assertStandsInFile(Observed<?> expected, String name) {
        byte[] golden = FormatOne.file(name);

        Observed<?> read = present(golden);

        assertEquals(fieldsOf(expected.at(REVISION)), fieldsOf(read));
        assertEquals(text(golden), text(ValueFormat.write(read)));
    }

    private static <T> void assertComesBack(EntityKind<T> kind, T value, Random random) {
        for (Origin origin : Origin.values()) {
            Observed<T> observed = Observed.of(kind, Entities.clusterArn("prod"), value, origin, moment(random));
            assertComesBack(observed);
            assertComesBack(observed.describedAs(value, moment(random)));
        }
    }

    private static void assertComesBack(Observed<?> observed) {
        assertEquals(fieldsOf(observed.at(REVISION)), fieldsOf(present(ValueFormat.write(observed))));
    }

    private static Instant moment(Random random) {
        return NOW.plusNanos(random.nextLong() >> 8);
    }

    /** All that is to be compared of an entity. */
    private static List<Object> fieldsOf(Observed<?> observed) {
        return List.of(
                observed.kind(),
                observed.arn(),
                observed.clusterArn(),
                observed.value(),
                observed.version(),
                observed.revision(),
                observed.origin(),
                observed.observedAt(),
                observed.describedAt());
    }

    private static Observed<?> present(byte[] written) {
        StoredValue stored = ValueFormat.read(written, REVISION);
        return assertInstanceOf(StoredValue.Present.class, stored).observed();
    }

    private static StoredValue.Unreadable unreadable(String written) {
        return unreadable(bytes(written));
    }

    private static StoredValue.Unreadable unreadable(byte[] written) {
        return assertInstanceOf(StoredValue.Unreadable.class, ValueFormat.read(written, REVISION), () -> text(written));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
