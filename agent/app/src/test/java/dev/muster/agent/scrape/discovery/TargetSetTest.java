package dev.muster.agent.scrape.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.scrape.file.FileTargets;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Place;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.job.StaticTargets;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.relabel.RelabelAction;
import dev.muster.agent.scrape.relabel.RelabelPattern;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.agent.scrape.sd.NoRequests;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetSetTest {
    private static final ScrapeTiming TIMING =
            new ScrapeTiming(Duration.ofSeconds(1), Duration.ofSeconds(1));

    @TempDir private Path directory;

    private final Discoveries discoveries =
            new Discoveries(new DiscoveryBench().context(new NoRequests()));

    private static ScrapeJob job(
            DiscoverySettings settings, ScrapeLimits limits, RelabelRule... rules) {
        return new ScrapeJob(
                "web",
                TIMING,
                "http",
                "/metrics",
                Map.of("module", List.of("a b", "c")),
                HttpAccess.DEFAULT,
                limits,
                ScrapeFormats.DEFAULT,
                SeriesRules.DEFAULT,
                List.of(rules),
                List.of(new DiscoveryConfig(settings, new Place("p.yml", 7))),
                new Place("p.yml", 3));
    }

    private TargetSet targets(TargetGroup group, RelabelRule... rules) {
        return found(job(new StaticTargets(group), ScrapeLimits.NONE, rules));
    }

    private static TargetGroup group(String... addresses) {
        return TargetGroup.of("test", List.of(addresses), Map.of("env", "prod"));
    }

    private TargetSet found(ScrapeJob job) {
        discoveries.serve(List.of(job));
        return TargetSet.of(List.of(job), discoveries);
    }

    private static RelabelRule set(String label, String value) {
        return new RelabelRule(
                RelabelAction.REPLACE, List.of(), ";", RelabelRule.DEFAULT_REGEX, 0, label, value);
    }

    @Test
    void makesLabelsAndUrl() {
        Target target = targets(group("h:8080")).active().values().iterator().next();
        assertThat(target.labels())
                .isEqualTo(Labels.of("env", "prod", "instance", "h:8080", "job", "web"));
        assertThat(target.endpoint().url()).isEqualTo("http://h:8080/metrics?module=a+b&module=c");
    }

    @Test
    void takesPortsFromTheSchemeAndSixBytesAddresses() {
        assertThat(targets(group("h")).active().values())
                .extracting(target -> target.endpoint().url())
                .containsExactly("http://h:80/metrics?module=a+b&module=c");
        assertThat(targets(group("[::1]:9"), set("__scheme__", "https")).active().values())
                .extracting(target -> target.endpoint().url())
                .containsExactly("https://[::1]:9/metrics?module=a+b&module=c");
    }

    @Test
    void relabellingSaysWhereAndWhen() {
        Target target =
                targets(
                                group("h:1"),
                                set("__address__", "other:2"),
                                set("__metrics_path__", "/m"),
                                set("__param_module", "z"),
                                set("__scrape_interval__", "5s"),
                                set("instance", "me"))
                        .active()
                        .values()
                        .iterator()
                        .next();
        assertThat(target.endpoint().url()).isEqualTo("http://other:2/m?module=z&module=c");
        assertThat(target.timing().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(target.instance()).isEqualTo("me");
    }

    @Test
    void tellsWhatWasDroppedAndRefused() {
        RelabelRule drop =
                new RelabelRule(
                        RelabelAction.DROP,
                        List.of("__address__"),
                        ";",
                        RelabelPattern.of("a:1"),
                        0,
                        "",
                        "$1");
        TargetSet found = targets(group("a:1", "b:x", "c:3"), drop);
        assertThat(found.active()).hasSize(1);
        assertThat(found.dropped())
                .extracting(dropped -> dropped.rule() + " " + dropped.rulePlace())
                .containsExactly("0 ");
        assertThat(found.active().values())
                .extracting(Target::origin)
                .containsExactly(new TargetOrigin("web", "static", new Place("p.yml", 7), "test"));
        assertThat(found.refused())
                .extracting(TargetResult.Refused::reason)
                .containsExactly("__address__ must end with a port number: found=b:x");
    }

    @Test
    void refusesAJobOverItsTargetLimit() {
        ScrapeJob job =
                job(new StaticTargets(group("a:1", "b:2")), new ScrapeLimits(0, 0, 0, 0, 0, 1));
        TargetSet found = found(job);
        assertThat(found.active()).isEmpty();
        assertThat(found.refused().getFirst().reason())
                .isEqualTo("job must have at most target_limit targets: target_limit=1, found=2");
    }

    @Test
    void readsTargetFilesAgainWhenTheyChange() throws IOException {
        Path file = directory.resolve("a.json");
        Files.writeString(file, "[{\"targets\": [\"a:1\"]}]");
        ScrapeJob job =
                job(
                        new FileTargets(directory, List.of("*.json"), Duration.ofMinutes(5)),
                        ScrapeLimits.NONE);
        assertThat(instances(job)).containsExactly("a:1");

        write(file, "[{\"targets\": [\"a:1\", \"b:2\"]}]", 1);
        assertThat(instances(job)).containsExactly("a:1", "b:2");

        write(file, "[{\"targets\": [\"a:1\"", 2);
        assertThat(instances(job)).as("keeps the last right ones").hasSize(2);
        assertThat(discoveries.state(job.discoveries().getFirst()).error())
                .contains("must be YAML");

        write(file, "[{\"targets\": [\"c:3\"]}]", 3);
        assertThat(instances(job)).containsExactly("c:3");
        assertThat(discoveries.state(job.discoveries().getFirst()).error()).isEmpty();

        Files.delete(file);
        assertThat(instances(job)).isEmpty();
    }

    private static void write(Path file, String text, long second) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000 * second));
    }

    private List<String> instances(ScrapeJob job) {
        discoveries.poll();
        return found(job).active().values().stream().map(Target::instance).toList();
    }
}
