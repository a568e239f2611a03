package io.clusterstate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of css-core and what each may touch: the table in CONTRIBUTING.md, checked on the compiled classes. */
class ArchitectureTest {

    private static final String READ = "io.clusterstate";
    private static final String MIRROR = READ + ".mirror";
    private static final String SQS = READ + ".sqs";
    private static final String PREFLIGHT = READ + ".preflight";
    private static final String SPI = READ + ".spi";
    private static final String ECS = READ + ".ecs";
    private static final String MICROMETER = READ + ".micrometer";
    private static final String ENTITY_JSON = READ + ".json";
    private static final String SPRING = READ + ".spring";
    private static final String ARCHIVE = READ + ".archive";
    private static final String CLIENT = READ + ".client";
    private static final String CALLS = READ + ".internal.ecs";
    private static final String COMPOSITE = READ + ".internal.composite";
    private static final String EVENT = READ + ".internal.event";
    private static final String EXPRESSION = READ + ".internal.expression";
    private static final String EXPECT = READ + ".internal.expect";
    private static final String INDEX = READ + ".internal.index";
    private static final String JSON = READ + ".internal.json";
    private static final String LOOP = READ + ".internal.loop";
    private static final String QUEUE = READ + ".internal.sqs";
    private static final String SHAPE = READ + ".internal.shape";

    private static final Map<String, Set<String>> MAY_TOUCH = Map.ofEntries(
            Map.entry(READ, Set.of(SPI, ECS, COMPOSITE, LOOP)),
            Map.entry(MIRROR, Set.of(READ, CLIENT, SPI, ECS, CALLS, EVENT, EXPECT, LOOP, SHAPE)),
            Map.entry(SQS, Set.of(SPI, QUEUE, SHAPE)),
            Map.entry(PREFLIGHT, Set.of(MIRROR, CALLS, JSON, LOOP, QUEUE, SHAPE)),
            Map.entry(QUEUE, Set.of()),
            Map.entry(SPI, Set.of(READ, INDEX, LOOP, SHAPE)),
            Map.entry(ECS, Set.of()),
            Map.entry(MICROMETER, Set.of(READ, MIRROR, CLIENT, ECS, SPI)),
            Map.entry(ENTITY_JSON, Set.of(JSON, SHAPE)),
            Map.entry(SPRING, Set.of(READ, MIRROR, SQS, SPI, MICROMETER, ENTITY_JSON)),
            Map.entry(ARCHIVE, Set.of(READ, ECS, LOOP)),
            Map.entry(CLIENT, Set.of(READ, ECS, LOOP)),
            Map.entry(CALLS, Set.of(READ, ECS, LOOP, SHAPE)),
            Map.entry(COMPOSITE, Set.of(READ, ECS)),
            Map.entry(EVENT, Set.of(READ, SPI, ECS, JSON, SHAPE)),
            Map.entry(EXPRESSION, Set.of(READ)),
            Map.entry(INDEX, Set.of(READ, ECS, EXPRESSION)),
            Map.entry(EXPECT, Set.of(READ, SPI, ECS, SHAPE)),
            Map.entry(JSON, Set.of(SHAPE)),
            Map.entry(LOOP, Set.of(READ)),
            Map.entry(SHAPE, Set.of(READ)));

    /** Libraries that only some rooms know. */
    private static final Map<String, Set<String>> KNOWN_BY = Map.of(
            "com.fasterxml.jackson..", Set.of(ARCHIVE, ENTITY_JSON, EVENT, JSON, SHAPE),
            "io.micrometer..", Set.of(MICROMETER, SPRING),
            "org.springframework..", Set.of(SPRING),
            "software.amazon.awssdk.services.eventbridge..", Set.of(PREFLIGHT),
            "software.amazon.awssdk.services.sqs..", Set.of(PREFLIGHT, QUEUE, SPRING, SQS),
            "tools.jackson..", Set.of(ENTITY_JSON, SPRING));

    private static final Set<String> PUBLIC_IN_MIRROR = Set.of(
            "ApiUse",
            "ClusterMirror",
            "ClusterMirrorBuilder",
            "Clusters",
            "DefinitionFetches",
            "DeliveryOutcome",
            "Drift",
            "EventLag",
            "MirrorPlace",
            "Mirrors",
            "MirrorsBuilder",
            "MirrorStatus",
            "ReconcileReport",
            "TaskDefinitions");

    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(
                    ClusterStateView.class.getProtectionDomain().getCodeSource().getLocation());

    static Stream<String> rooms() {
        return MAY_TOUCH.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomTouchesNoMoreThanItsTableRowNames(String room) {
        String[] others = MAY_TOUCH.get(room).toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(READ + "..")
                        .or(resideInAPackage(room))
                        .or(resideInAnyPackage(others)))
                .check(CORE);
    }

    @Test
    void everyPackageIsARoom() {
        assertEquals(
                new TreeSet<>(MAY_TOUCH.keySet()),
                CORE.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new)));
    }

    static Stream<String> libraries() {
        return KNOWN_BY.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryIsKnownByItsRoomsAlone(String library) {
        noClasses()
                .that()
                .resideOutsideOfPackages(KNOWN_BY.get(library).toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CORE);
    }

    @Test
    void theWriteSideShowsNoEngineType() {
        assertEquals(
                PUBLIC_IN_MIRROR,
                CORE.that(resideInAPackage(MIRROR)).stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet()));
    }

    @Test
    void nobodyAsksTheSystemsClockOrSleeps() {
        noClasses().should().callMethod(Instant.class, "now").check(CORE);
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CORE);
    }
}
