package dev.muster.blocks;

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
                    .importPackages("dev.muster.blocks");

    @Test
    void seesOfOursOnlyTheModel() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        com.tngtech.archunit.base.DescribedPredicate.describe(
                                "are of another module",
                                type ->
                                        type.getPackageName().startsWith("dev.muster.")
                                                && !type.getPackageName()
                                                        .startsWith("dev.muster.model")
                                                && !type.getPackageName()
                                                        .startsWith("dev.muster.blocks")))
                .check(CLASSES);
    }

    @Test
    void bucketsSeeNoBlocks() {
        classes()
                .that()
                .resideInAPackage("dev.muster.blocks.bucket")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.muster.blocks.bucket",
                        "java..",
                        "org.jspecify..",
                        "io.minio..",
                        "okhttp3..")
                .check(CLASSES);
    }

    @Test
    void onlyBucketsSeeTheS3Client() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.muster.blocks.bucket")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.minio..", "okhttp3..")
                .check(CLASSES);
    }

    @Test
    void nobodySeesHadoop() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hadoop..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.muster.blocks.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
