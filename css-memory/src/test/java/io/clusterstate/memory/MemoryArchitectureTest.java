package io.clusterstate.memory;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.clusterstate.internal.expect.OpenExpectations;
import org.junit.jupiter.api.Test;

/** The row of css-memory in the table of CONTRIBUTING.md, checked on the compiled classes. */
class MemoryArchitectureTest {

    private static final JavaClasses MEMORY = new ClassFileImporter()
            .importUrl(
                    MemoryStateStore.class.getProtectionDomain().getCodeSource().getLocation());

    /** The expectations are the exception: the fake lays them over its view as a mirror does. */
    @Test
    void touchesNoMechanismOfTheCoreButExpectations() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.clusterstate.internal..", "io.clusterstate.mirror", "io.clusterstate.sqs")
                        .and(not(equivalentTo(OpenExpectations.class))))
                .check(MEMORY);
    }

    @Test
    void theExtensionAloneKnowsJunit() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.clusterstate.memory.junit")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.junit..")
                .check(MEMORY);
    }

    @Test
    void onePackageKnowsSpring() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.clusterstate.memory.spring")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.clusterstate.spring")
                .check(MEMORY);
    }
}
