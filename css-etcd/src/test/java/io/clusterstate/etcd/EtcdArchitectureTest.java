package io.clusterstate.etcd;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The row of css-etcd in the table of CONTRIBUTING.md, checked on the compiled classes. */
class EtcdArchitectureTest {

    private static final JavaClasses ETCD = new ClassFileImporter()
            .importUrl(
                    EtcdStateStore.class.getProtectionDomain().getCodeSource().getLocation());

    private static final String SPRING = "io.clusterstate.etcd.spring";

    @Test
    void touchesTheReadSideTheSpiAndFourMechanisms() {
        classes()
                .that()
                .resideOutsideOfPackage(SPRING)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage("io.clusterstate..")
                        .or(resideInAnyPackage(
                                "io.clusterstate.etcd",
                                "io.clusterstate",
                                "io.clusterstate.spi",
                                "io.clusterstate.ecs",
                                "io.clusterstate.internal.expect",
                                "io.clusterstate.internal.json",
                                "io.clusterstate.internal.loop",
                                "io.clusterstate.internal.shape")))
                .check(ETCD);
    }

    @Test
    void theBeansUseThePublicApi() {
        classes()
                .that()
                .resideInAPackage(SPRING)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage("io.clusterstate..")
                        .or(resideInAnyPackage(
                                SPRING,
                                "io.clusterstate.etcd",
                                "io.clusterstate",
                                "io.clusterstate.mirror",
                                "io.clusterstate.spi",
                                "io.clusterstate.spring")))
                .check(ETCD);
    }

    @Test
    void onePackageKnowsSpring() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SPRING)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(ETCD);
    }
}
