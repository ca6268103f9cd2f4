package dev.rackhouse;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The floors of the house hold: dependencies point down, and only three packages let anything leave the process. */
class ModularityTests {

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.rackhouse");

    @Test
    void modulesKnowOnlyTheNeighboursTheyDeclare() {
        ApplicationModules.of(Rackhouse.class, resideInAPackage("dev.rackhouse.simulator.."))
                .verify();
    }

    @Test
    void theConsoleKnowsNothingOfTheSimulator() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.rackhouse.simulator..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.rackhouse.simulator..")
                .check(HOUSE);
    }

    @Test
    void theSimulatorKnowsNothingOfTheConsole() {
        noClasses()
                .that()
                .resideInAPackage("dev.rackhouse.simulator..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.rackhouse..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAPackage("dev.rackhouse.simulator.."))))
                .check(HOUSE);
    }

    @Test
    void onlyTheClientsOfMachinesOpenConnections() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.rackhouse.proxmox..",
                        "dev.rackhouse.ssh..",
                        "dev.rackhouse.integration..",
                        "dev.rackhouse.simulator..",
                        "dev.rackhouse.database..",
                        "dev.rackhouse.access..",
                        "dev.rackhouse.rehearsal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "net.schmizz..", "org.apache.hc..", "java.net.http..", "org.springframework.web.client..")
                .check(HOUSE);
    }

    @Test
    void nobodyUsesTheOldJackson() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml.jackson.databind..", "com.fasterxml.jackson.core..")
                .check(HOUSE);
    }

    @Test
    void viewsAreMadeByTheFrameworkOnly() {
        classes()
                .that()
                .areAnnotatedWith(com.vaadin.flow.router.Route.class)
                .should()
                .notBePublic()
                .allowEmptyShould(true)
                .check(HOUSE);
    }
}
