package dev.muster.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.launcher.process.ChildSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

class DemoPlanTest {
    @TempDir Path data;

    @Test
    void usesThePortsPeopleKnow() {
        assertThat(plan(3).ports())
                .containsExactly(
                        Map.entry(9640, "agent a1"),
                        Map.entry(9641, "cell member of a1"),
                        Map.entry(9642, "agent a2"),
                        Map.entry(9643, "cell member of a2"),
                        Map.entry(9644, "agent a3"),
                        Map.entry(9645, "cell member of a3"),
                        Map.entry(9650, "query node"),
                        Map.entry(9660, "demo service"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 6, 10, 32})
    void givesEveryProcessPortsOfItsOwn(int agents) {
        assertThat(plan(agents).ports()).hasSize(2 * agents + 2);
    }

    @Test
    void splitsTheTargetsAmongTheAgents() throws IOException {
        plan(3).prepare();

        assertThat(jobs("a1")).containsExactly("muster-agent", "demo", "muster-query");
        assertThat(jobs("a2")).containsExactly("muster-agent");
        assertThat(jobs("a3")).containsExactly("muster-agent");
    }

    @Test
    void everyAgentKnowsAllSeeds() {
        assertThat(child("a2").command())
                .contains(
                        "-Dmuster.cell.port=9643",
                        "-Dmuster.cell.seeds=127.0.0.1:9641,127.0.0.1:9643,127.0.0.1:9645",
                        "-Dmuster.store.url=file://" + data + "/store");
    }

    @Test
    void theQueryNodeTakesRulesAndReceiversFromTheUsersDirectory() {
        assertThat(child("query").command())
                .contains(
                        "-Dmuster.rules.files=/etc/rules/*.yml,"
                                + Path.of("mine.yml").toAbsolutePath(),
                        "-Dmuster.alertmanager.config-file=" + Path.of("am.yml").toAbsolutePath());
        assertThat(child("a1").command()).noneMatch(word -> word.contains("muster.rules"));
    }

    @Test
    void theQueryNodeStartsWithACacheThatIsNewerThanTheBuildAndTrainsWithout() throws IOException {
        var root = data.resolve("checkout");
        var app = Files.createDirectories(root.resolve("src/target/quarkus-app"));
        var jar = Files.writeString(app.resolve("quarkus-run.jar"), "x");
        var cache = Files.writeString(app.resolve("query.aot"), "x");
        var installation = Installation.at(root);
        var plan = new DemoPlan(installation, UpOptions.in(data));
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000));
        Files.setLastModifiedTime(cache, FileTime.fromMillis(2_000));

        assertThat(plan.children().getLast().command()).contains("-XX:AOTCache=" + cache);
        assertThat(plan.children().get(1).command()).noneMatch(word -> word.contains("AOT"));
        assertThat(new Training(installation, plan, data).children().getLast().command())
                .contains("-XX:AOTMode=record")
                .noneMatch(word -> word.contains("AOTCache"));

        Files.setLastModifiedTime(cache, FileTime.fromMillis(500));
        assertThat(plan.children().getLast().command()).noneMatch(word -> word.contains("AOT"));
    }

    @Test
    void secretsStandInNoCommandLine() {
        var keys =
                StoreKeys.from(
                        Map.of(
                                "MUSTER_STORE_ACCESS_KEY", "name",
                                "MUSTER_STORE_SECRET_KEY", "hush"));
        var options =
                new UpOptions(
                        data,
                        Optional.of("s3://bucket/muster"),
                        Optional.of("http://127.0.0.1:9000"),
                        keys,
                        AlertingFiles.NONE,
                        1,
                        9640,
                        Duration.ofMinutes(5));

        var children = new DemoPlan(Installation.at(Path.of(".")), options).children();

        assertThat(children).noneMatch(spec -> String.join(" ", spec.command()).contains("hush"));
        assertThat(children.get(1).environment()).containsEntry("MUSTER_STORE_SECRET_KEY", "hush");
    }

    private DemoPlan plan(int agents) {
        var standard = UpOptions.in(data);
        return new DemoPlan(
                Installation.at(Path.of(".")),
                new UpOptions(
                        standard.data(),
                        standard.store(),
                        standard.s3Endpoint(),
                        standard.keys(),
                        new AlertingFiles(
                                Optional.of("/etc/rules/*.yml,mine.yml"),
                                Optional.of(Path.of("am.yml"))),
                        agents,
                        standard.portBase(),
                        standard.window()));
    }

    private ChildSpec child(String name) {
        return plan(3).children().stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<Object> jobs(String agent) throws IOException {
        Map<String, List<Map<String, Object>>> file =
                new Yaml().load(Files.readString(data.resolve(agent).resolve("scrape.yml")));
        return file.getOrDefault("scrape_configs", List.of()).stream()
                .map(job -> job.get("job_name"))
                .toList();
    }
}
