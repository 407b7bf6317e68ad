package dev.muster.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell half of `./muster` in a made-up checkout, with a `./mvnw` that only notes that it was
/// called and a `java` that prints its arguments.
class ScriptTest {
    private static final Path ROOT =
            Path.of(System.getProperty("muster.root", "../..")).normalize();
    private static final Instant SOURCES = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir Path checkout;
    private int outputs;
    private Map<String, String> environment = Map.of("MUSTER_TRAIN", "no");

    @BeforeEach
    void layOut() throws IOException {
        Files.copy(ROOT.resolve("muster"), checkout.resolve("muster"));
        executable("muster");
        write("mvnw", "#!/bin/sh\nset -eu\ncd \"$(dirname \"$0\")\"\n" + FAKE_MAVEN);
        executable("mvnw");
        write(".mvn/find-jdk.sh", "JAVA_HOME=\"$root/jdk\"\n");
        write("jdk/bin/java", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        executable("jdk/bin/java");
        for (var source : List.of("pom.xml", "agent/app/src/main/java/A.java", "src/pom.xml")) {
            age(write(source, "x"), SOURCES);
        }
        for (var module : List.of("federation", "object-store")) {
            age(write(module + "/pom.xml", "x"), SOURCES);
        }
        for (var place :
                List.of(
                        "agent/app/src/main/java",
                        "agent/app/src/main",
                        "src",
                        ".mvn/find-jdk.sh",
                        ".mvn")) {
            age(checkout.resolve(place), SOURCES);
        }
    }

    private static final String FAKE_MAVEN =
            """
            echo called >>calls
            [ ! -f break ] || { echo '[ERROR] it does not compile'; exit 1; }
            echo '[INFO] Building Muster: model 0.1.0-SNAPSHOT                [1/2]'
            for file in $(seq 250); do echo '[INFO] Downloaded from somewhere'; done
            echo '[INFO] Building Muster: agent 0.1.0-SNAPSHOT                [2/2]'
            for jar in agent/app/target/quarkus-app/quarkus-run.jar src/target/quarkus-app/quarkus-run.jar \\
                src/launcher/target/muster-launcher-0.1.0-SNAPSHOT.jar; do
                mkdir -p "$(dirname "$jar")"
                touch "$jar"
            done
            """;

    @Test
    void buildsOnceAndAgainOnlyWhenASourceChanged() throws Exception {
        assertThat(muster(0, "up"))
                .contains("sources changed", "building 1 of 2: model", "building 2 of 2: agent")
                .contains("building 1 of 2: model, 250 files fetched");
        assertThat(muster(0, "up")).doesNotContain("building");
        assertThat(calls()).isEqualTo(1);

        age(checkout.resolve("agent/app/src/main/java/A.java"), Instant.now().plusSeconds(5));
        assertThat(muster(0, "up")).contains("sources changed");
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void aDeletedSourceIsAChangeToo() throws Exception {
        muster(0, "up");
        age(checkout.resolve(".muster/build.stamp"), SOURCES.plusSeconds(60));
        for (var jar : jars()) {
            age(jar, SOURCES.plusSeconds(60));
        }
        Files.delete(checkout.resolve("agent/app/src/main/java/A.java"));

        assertThat(muster(0, "up")).contains("sources changed");
    }

    @Test
    void whatMavenBuiltItselfIsNotBuiltAgain() throws Exception {
        muster(0, "up");
        Files.delete(checkout.resolve(".muster/build.stamp"));

        assertThat(muster(0, "up")).doesNotContain("building");
    }

    @Test
    void aBrokenBuildShowsItsErrorsAndEndsWithTwo() throws Exception {
        write("break", "");

        assertThat(muster(2, "up"))
                .contains("[ERROR] it does not compile", "muster: the build failed: see ");
        assertThat(checkout.resolve(".muster/build.lock")).doesNotExist();
    }

    @Test
    void startsAnAgentInItsPlaceWithSettingsAsProperties() throws Exception {
        write("my agent.properties", "muster.http.port=1\n");
        muster(0, "up");
        var config = checkout.resolve("my agent.properties").toString();

        assertThat(muster(0, "agent", "muster.http.port=9700", "--config", config).lines().toList())
                .containsExactly(
                        "@" + checkout.resolve("src/launcher/jvm/agent.flags"),
                        "-Dmuster.http.port=9700",
                        "-Dquarkus.config.locations=" + config,
                        "-jar",
                        checkout.resolve("agent/app/target/quarkus-app/quarkus-run.jar")
                                .toString());
    }

    @Test
    void startsAQueryNodeWithItsCacheUnlessItIsOfAnOlderBuild() throws Exception {
        muster(0, "up");
        var jar = checkout.resolve("src/target/quarkus-app/quarkus-run.jar");
        var cache = write("src/target/quarkus-app/query.aot", "x");
        age(jar, SOURCES.plusSeconds(60));

        assertThat(muster(0, "--no-build", "query").lines().toList())
                .containsExactly(
                        "@" + checkout.resolve("src/launcher/jvm/query.flags"),
                        "-XX:AOTCache=" + cache,
                        "-Xlog:aot=off,cds=off",
                        "-jar",
                        jar.toString());
        assertThat(muster(0, "--no-build", "agent")).doesNotContain("AOT");
        age(cache, SOURCES);
        assertThat(muster(0, "--no-build", "query")).doesNotContain("AOT");
    }

    @Test
    void makesTheQueryNodesCacheInTheBackgroundOnceABuild() throws Exception {
        environment = Map.of("CI", "");
        var log = checkout.resolve(".muster/logs/train.log");

        assertThat(muster(0, "up")).contains("making the query node's AOT cache", log.toString());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(log).content().endsWith("\ntrain\n"));
        assertThat(muster(0, "up")).doesNotContain("making");
        assertThat(muster(0, "query")).doesNotContain("making");

        age(checkout.resolve(".muster/train.tried"), SOURCES);
        write("src/target/quarkus-app/query.aot", "x");
        assertThat(muster(0, "query")).doesNotContain("making");
        environment = Map.of("CI", "true");
        Files.delete(checkout.resolve("src/target/quarkus-app/query.aot"));
        assertThat(muster(0, "query")).doesNotContain("making");
        environment = Map.of("CI", "", "MUSTER_TRAIN", "no");
        assertThat(muster(0, "query")).doesNotContain("making");
        Files.delete(log);
        environment = Map.of("CI", "");
        assertThat(muster(0, "agent")).doesNotContain("making");
        assertThat(muster(0, "up", "--help")).doesNotContain("making");
        assertThat(muster(0, "query")).contains("making");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(log).content().endsWith("\ntrain\n"));
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(muster(2, "frob"))
                .isEqualTo(
                        "muster: command must be up, status, train, agent, query, check, test,"
                                + " backtest or help:"
                                + " found=frob\n");
        muster(0, "up");
        assertThat(muster(2, "agent", "port=1"))
                .isEqualTo(
                        "muster: setting must be key=value with a key that begins with muster.:"
                                + " found=port=1\n");
        assertThat(muster(2, "query", "--config", "/nowhere"))
                .isEqualTo("muster: config file must be readable: path=/nowhere\n");
        assertThat(muster(2, "query", "--config"))
                .isEqualTo("muster: --config must be followed by a file\n");
    }

    @Test
    void helpNeedsNoBuild() throws Exception {
        assertThat(muster(0, "help")).contains("./muster up", "./muster status");
        assertThat(checkout.resolve("calls")).doesNotExist();
    }

    private String muster(int expectedCode, String... arguments) throws Exception {
        var command = new ArrayList<String>(List.of(checkout.resolve("muster").toString()));
        command.addAll(List.of(arguments));
        var output = checkout.resolve("output-" + outputs++);
        try (var script = Spawned.of(command, output, environment)) {
            assertThat(script.awaitExit(Duration.ofSeconds(30)))
                    .as(script.text())
                    .isEqualTo(expectedCode);
            return script.text();
        }
    }

    private List<Path> jars() {
        return List.of(
                checkout.resolve("agent/app/target/quarkus-app/quarkus-run.jar"),
                checkout.resolve("src/target/quarkus-app/quarkus-run.jar"),
                checkout.resolve("src/launcher/target/muster-launcher-0.1.0-SNAPSHOT.jar"));
    }

    private long calls() throws IOException {
        return Files.readAllLines(checkout.resolve("calls")).size();
    }

    private Path write(String path, String text) throws IOException {
        var file = checkout.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void executable(String path) {
        assertThat(checkout.resolve(path).toFile().setExecutable(true)).isTrue();
    }

    private static void age(Path file, Instant time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }
}
