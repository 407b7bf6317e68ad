package dev.muster.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.muster.agent");

    @Test
    void onlyTheWiringSeesQuarkusAndInjection() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.muster.agent")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..")
                .check(CLASSES);
    }

    @Test
    void onlyRoutesFetchesAndWiringSeeVertx() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.muster.agent",
                        "dev.muster.agent.api",
                        "dev.muster.agent.door",
                        "dev.muster.agent.intake.mqtt",
                        "dev.muster.agent.json",
                        "dev.muster.agent.scrape.fetch",
                        "dev.muster.agent.scrape.sd",
                        // JSON only
                        "dev.muster.agent.services.registry",
                        "dev.muster.agent.push",
                        "dev.muster.agent.runs")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..")
                .check(CLASSES);
    }

    @Test
    void theFormatsAndTheExporterSeeNothingElseOfTheAgent() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.muster.agent.exposition..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.muster.agent.exporter..",
                        "dev.muster.agent.scrape..",
                        "dev.muster.agent.upload..",
                        "dev.muster.agent.api..",
                        "dev.muster.agent.config..",
                        "dev.muster.head..",
                        "dev.muster.federation..",
                        "dev.muster.blocks..")
                .check(CLASSES);
    }

    @Test
    void scrapingKnowsNoHeadNoCellAndNoStore() {
        noClasses()
                .that()
                .resideInAPackage("dev.muster.agent.scrape..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.muster.head..",
                        "dev.muster.federation..",
                        "dev.muster.blocks..",
                        "dev.muster.agent.api..",
                        "dev.muster.agent.upload..",
                        "dev.muster.agent.config..")
                .check(CLASSES);
    }

    @Test
    void featuresDoNotSeeTheWiring() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.muster.agent")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.muster.agent")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.muster.agent.(**)").should().beFreeOfCycles().check(CLASSES);
    }
}
