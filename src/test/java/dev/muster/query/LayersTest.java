package dev.muster.query;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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
                    .importPackages("dev.muster.query");

    @Test
    void sourceIsPlainJava() {
        classes()
                .that()
                .resideInAnyPackage("dev.muster.query.source..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.muster.query.source..",
                        "dev.muster.model..",
                        "dev.muster.promql..",
                        "dev.muster.blocks.read..",
                        "dev.muster.blocks.schema..",
                        "dev.muster.blocks.tombstone..",
                        "dev.muster.promql.part..",
                        "java..",
                        "org.jspecify..",
                        "io.micrometer.core..")
                .check(CLASSES);
    }

    @Test
    void fleetIsPlainJavaAndTheHttpOfItsStreams() {
        classes()
                .that()
                .resideInAnyPackage("dev.muster.query.fleet..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.muster.query.source..",
                        "dev.muster.query.fleet..",
                        "dev.muster.query.wire..",
                        "dev.muster.model..",
                        "dev.muster.federation.events..",
                        "dev.muster.federation.member..",
                        "dev.muster.federation.view..",
                        "dev.muster.federation.stream..",
                        "dev.muster.federation.follow..",
                        "java..",
                        "org.jspecify..",
                        "io.vertx.core..",
                        "io.micrometer.core..")
                .check(CLASSES);
    }

    @Test
    void onlyTheWiringOpensBuckets() {
        noClasses()
                .that()
                .resideInAPackage("dev.muster.query.*..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.muster.blocks.bucket..", "dev.muster.blocks.write..")
                .check(CLASSES);
    }

    @Test
    void nobodySeesHazelcastOrTheHead() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.hazelcast..", "dev.muster.federation.hazelcast..", "dev.muster.head..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.muster.query.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
