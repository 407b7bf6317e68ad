package dev.muster.federation;

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
                    .importPackages("dev.muster.federation");

    @Test
    void onlyOnePackageSeesHazelcast() {
        classes()
                .that()
                .resideOutsideOfPackages(
                        "dev.muster.federation.hazelcast..", "dev.muster.federation.tls..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.muster.federation..", "java..", "javax.crypto..", "org.jspecify..")
                .check(CLASSES);
        classes()
                .that()
                .resideInAPackage("dev.muster.federation.hazelcast..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.muster.federation..",
                        "com.hazelcast..",
                        "java..",
                        "javax.crypto..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void certificatesNeedTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("dev.muster.federation.tls..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.muster.federation.tls..",
                        "java..",
                        "javax.net.ssl..",
                        "javax.naming..",
                        "javax.security.auth.x500..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void theDetectorHasNoClockThreadSocketOrRandomness() {
        noClasses()
                .that()
                .resideInAPackage("dev.muster.federation.detect..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.(lang\\.(Thread|System|ProcessHandle)|util\\.Random|time\\.(Instant|Clock).*)")
                .check(CLASSES);
    }

    @Test
    void cellsAndTheirDirectoryHaveNoClockThreadSocketOrFile() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.muster.federation.assign..", "dev.muster.federation.directory..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.util.concurrent..",
                        "..detect..",
                        "..view..",
                        "..hazelcast..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.(lang\\.(Thread|System|ProcessHandle)|util\\.Random|time\\.(Instant|Clock).*)")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void arrowsPointOneWay() {
        noClasses()
                .that()
                .resideInAPackage("dev.muster.federation.member..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..detect..", "..view..", "..hazelcast..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.muster.federation.view..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..detect..", "..hazelcast..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.muster.federation.cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..detect..", "..view..")
                .check(CLASSES);
        slices().matching("dev.muster.federation.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
