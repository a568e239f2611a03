package io.clusterstate.memory;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The row of css-memory in the table of CONTRIBUTING.md, checked on the compiled classes. */
class MemoryArchitectureTest {

    private static final JavaClasses MEMORY = new ClassFileImporter()
            .importUrl(
                    MemoryStateStore.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void touchesNoMechanismOfTheCore() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.clusterstate.internal..", "io.clusterstate.mirror", "io.clusterstate.sqs")
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
}
