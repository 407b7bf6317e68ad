package dev.muster.launcher.plan;

import dev.muster.launcher.process.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where the built programs of a checkout lie, and how each is started.
///
/// @param root directory of the checkout
/// @param java the `java` program that runs them
public record Installation(Path root, Path java) {
    /// A cache that does not fit is no trouble of the user's.
    static final String AOT_LOG = "-Xlog:aot=off,cds=off";

    /// The checkout at `root`, run by the JDK that runs this process.
    public static Installation at(Path root) {
        return new Installation(
                root.toAbsolutePath().normalize(),
                Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    Path agentJar() {
        return root.resolve("agent/app/target/quarkus-app/quarkus-run.jar");
    }

    Path queryJar() {
        return root.resolve("src/target/quarkus-app/quarkus-run.jar");
    }

    /// The query node's AOT cache, which [Training] makes: classes as they are once they are
    /// linked, and which methods are worth compiling.
    Path queryCache() {
        return queryJar().resolveSibling("query.aot");
    }

    /// Flags by which the query node starts with its cache; none where there is none, or one of
    /// before the last build. Whatever else does not fit the JVM finds out, and goes on without.
    List<String> cacheFlags() {
        try {
            return Files.getLastModifiedTime(queryCache())
                                    .compareTo(Files.getLastModifiedTime(queryJar()))
                            > 0
                    ? List.of("-XX:AOTCache=" + queryCache(), AOT_LOG)
                    : List.of();
        } catch (IOException _) {
            return List.of();
        }
    }

    /// The file of JVM flags of a program: `agent`, `query` or `demo`. One place for them, used by
    /// the shell script too.
    Path jvmFlags(String program) {
        return root.resolve("src/launcher/jvm/" + program + ".flags");
    }

    /// Refuses when a program was not built.
    public void requireBuilt() {
        for (var jar : List.of(agentJar(), queryJar())) {
            if (!Files.exists(jar)) {
                throw new RefusedException(
                        "programs must be built: missing=" + jar + "\nrun ./mvnw package");
            }
        }
    }
}
