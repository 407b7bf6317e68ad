package dev.muster.agent.scrape.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.StaticTargets;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.relabel.RelabelAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeFileTest {
    static final ScrapeDefaults DEFAULTS =
            new ScrapeDefaults(
                    new ScrapeTiming(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                    new ScrapeLimits(16 << 20, 0, 0, 0, 0, 0));

    @TempDir private Path directory;

    private ScrapeFile parse(String text) throws ScrapeFileException {
        return ScrapeFile.parse("p.yml", text, directory, DEFAULTS);
    }

    @Test
    void readsAWholeFile() throws ScrapeFileException {
        ScrapeFile file =
                parse(
                        """
                        global:
                          scrape_interval: 15s
                          evaluation_interval: 15s
                          external_labels: {zone: z1}
                          body_size_limit: 10MB
                        scrape_configs:
                          - job_name: web
                            scrape_interval: 500ms
                            metrics_path: /m
                            scheme: https
                            honor_labels: true
                            honor_timestamps: false
                            sample_limit: 5000
                            params: {module: [a, b]}
                            basic_auth: {username: u, password: p}
                            tls_config: {insecure_skip_verify: true}
                            static_configs:
                              - targets: ['h1:1', "h2:2"]
                                labels: {env: prod}
                            relabel_configs:
                              - source_labels: [env]
                                target_label: stage
                            metric_relabel_configs:
                              - {action: drop, source_labels: [__name__], regex: 'go_.*'}
                          - job_name: files
                            bearer_token: secret
                            file_sd_configs:
                              - files: ['t/*.json', t.yml]
                        """);
        assertThat(file.externalLabels()).isEqualTo(Map.of("zone", "z1"));
        assertThat(file.remarks())
                .containsExactly("line=2: evaluation_interval has no effect in an agent");
        ScrapeJob web = file.jobs().getFirst();
        assertThat(web.timing())
                .isEqualTo(new ScrapeTiming(Duration.ofMillis(500), Duration.ofMillis(500)));
        assertThat(web.scheme() + web.metricsPath()).isEqualTo("https/m");
        assertThat(web.rules().honorLabels()).isTrue();
        assertThat(web.rules().honorTimestamps()).isFalse();
        assertThat(web.limits()).isEqualTo(new ScrapeLimits(10 << 20, 5000, 0, 0, 0, 0));
        assertThat(web.params()).isEqualTo(Map.of("module", List.of("a", "b")));
        assertThat(web.access().credentials())
                .isEqualTo(new Credentials.Basic(new Secret.Text("u"), new Secret.Text("p")));
        assertThat(web.access().tls().insecureSkipVerify()).isTrue();
        assertThat(web.discoveries())
                .extracting(DiscoveryConfig::settings)
                .containsExactly(
                        new StaticTargets(
                                TargetGroup.of(
                                        "web/0", List.of("h1:1", "h2:2"), Map.of("env", "prod"))));
        assertThat(web.relabel().getFirst().targetLabel()).isEqualTo("stage");
        assertThat(web.relabel().getFirst().place()).matches("[^:]+:\\d+");
        assertThat(web.rules().metricRelabel().getFirst().action()).isEqualTo(RelabelAction.DROP);
        ScrapeJob files = file.jobs().get(1);
        assertThat(files.timing())
                .isEqualTo(new ScrapeTiming(Duration.ofSeconds(15), Duration.ofSeconds(1)));
        assertThat(files.access().credentials())
                .isEqualTo(new Credentials.Token("Bearer", new Secret.Text("secret")));
        assertThat(files.discoveries())
                .extracting(DiscoveryConfig::settings)
                .containsExactly(
                        new FileTargets(
                                directory, List.of("t/*.json", "t.yml"), Duration.ofMinutes(5)));
    }

    @Test
    void takesTheDefaultsOfTheAgent() throws ScrapeFileException {
        ScrapeJob job =
                parse("scrape_configs: [{job_name: a, static_configs: [{targets: [b]}]}]")
                        .jobs()
                        .getFirst();
        assertThat(job.timing()).isEqualTo(DEFAULTS.timing());
        assertThat(job.limits()).isEqualTo(DEFAULTS.limits());
        assertThat(job.scheme() + job.metricsPath()).isEqualTo("http/metrics");
        assertThat(job.rules().honorTimestamps()).isTrue();
        assertThat(job.access().compression()).isTrue();
    }

    @Test
    void takesAnEmptyFile() throws ScrapeFileException {
        assertThat(parse("")).isEqualTo(ScrapeFile.EMPTY);
        assertThat(parse("scrape_configs:\n")).isEqualTo(ScrapeFile.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`scrape_config: []` | line=1: unknown key: found=scrape_config, known=[global,"
                        + " scrape_configs]",
                "`global:\\n"
                    + "  scrape_interval: soon` | line=2: scrape_interval must be a duration such"
                    + " as 15s: found=soon",
                "`rule_files: [a]` | line=1: key is Prometheus' but not carried by this agent:"
                        + " found=rule_files",
                "`scrape_configs: 5` | line=1: scrape_configs must be a list: found=5",
                "`scrape_configs:\\n- job_name: a\\n- job_name: a` | line=3: job_name must be"
                        + " unique: found=a, also line=2",
                "`scrape_configs:\\n- scheme: http` | line=2: job_name must be given and not empty",
                "`scrape_configs:\\n- job_name: a\\n"
                        + "  scheme: ftp` | line=3: scheme must be http or https: found=ftp",
                "`scrape_configs:\\n- job_name: a\\n"
                        + "  honor_labels: maybe` | line=3: honor_labels must be true or false:"
                        + " found=maybe",
                "`scrape_configs:\\n- job_name: a\\n"
                    + "  sample_limit: -1` | line=3: sample_limit must be a whole number from 0 to"
                    + " 2147483647: found=-1",
                "`scrape_configs:\\n- job_name: a\\n"
                        + "  body_size_limit: big` | line=3: body_size_limit must be a size such as"
                        + " 10MB: found=big",
                "`scrape_configs:\\n- job_name: a\\n"
                    + "  scrape_interval: 100ms` | line=3: scrape interval must be between 250ms"
                    + " and 1d: interval=100ms",
                "`scrape_configs:\\n- job_name: a\\n"
                    + "  scrape_timeout: 5s` | line=3: scrape timeout must be positive and at most"
                    + " the interval: timeout=5000ms, interval=1000ms",
                "`scrape_configs:\\n- job_name: a\\n"
                    + "  metrics_path: m` | line=3: metrics_path must be a path that starts with /:"
                    + " found=m",
                "`scrape_configs:\\n- job_name: a\\n"
                    + "  kubernetes_sd_configs: []` | line=3: key is Prometheus' but not carried by"
                    + " this agent: found=kubernetes_sd_configs",
                "`scrape_configs:\\n- job_name: a\\n"
                        + "  static_configs:\\n"
                        + "  - targets: ['http://h:1']` | line=4: target must be host:port without"
                        + " scheme or path: found=http://h:1",
                "`scrape_configs:\\n- job_name: a\\n"
                        + "  static_configs:\\n"
                        + "  - target: ['h:1']` | line=4: unknown key: found=target, known=[labels,"
                        + " targets]",
                "`scrape_configs:\\n- job_name: a\\n"
                        + "  file_sd_configs:\\n"
                        + "  - files: [a.txt]` | line=4: file must end with .json, .yml or .yaml:"
                        + " found=a.txt",
                "`scrape_configs:\\n- job_name: a\\n"
                        + "  relabel_configs:\\n"
                        + "  - action: frobnicate` | line=4: action must be a relabel action:"
                        + " found=frobnicate",
                "`scrape_configs:\\n- job_name: a\\n"
                    + "  relabel_configs:\\n"
                    + "  - source_labels: [x]` | line=4: relabel action must have a target_label:"
                    + " action=replace",
                "`scrape_configs:\\n- job_name: a\\n"
                        + "  basic_auth: {username: u}\\n"
                        + "  bearer_token: t` | line=3: only one of basic_auth, authorization,"
                        + " bearer_token and bearer_token_file may be given: found=2",
                "`scrape_configs:\\n- job_name: a\\n"
                        + "  job_name: b` | line=3: a key must not stand twice: found=job_name",
                "`scrape_configs: [` | line=1: must be YAML: expected the node content, but found"
                        + " '<stream end>'",
            })
    void refusesWithTheLine(String text, String expected) {
        assertThatThrownBy(() -> parse(text.replace("\\n", "\n")))
                .isInstanceOf(ScrapeFileException.class)
                .hasMessage("file=p.yml " + expected);
    }

    @Test
    void namesAFileThatIsNotThere() {
        Path absent = directory.resolve("absent.yml");
        assertThatThrownBy(() -> ScrapeFile.read(absent, DEFAULTS))
                .hasMessage("file=" + absent + ": file must exist");
    }

    @Test
    void stopsAliasesThatMultiply() {
        StringBuilder text = new StringBuilder("a0: &a0 [x,x]\n");
        for (int i = 1; i < 80; i++) {
            text.append("a%d: &a%d [*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThatThrownBy(() -> parse(text.toString())).isInstanceOf(ScrapeFileException.class);
    }

    @Test
    void readsTargetFiles() throws IOException {
        Path json = directory.resolve("t.json");
        Files.writeString(
                json, "[{\"targets\": [\"a:1\", \"b:2\"], \"labels\": {\"env\": \"x\"}}]");
        assertThat(TargetFile.read(json))
                .containsExactly(
                        TargetGroup.of(json.toString(), List.of("a:1", "b:2"), Map.of("env", "x")));
        Path yaml = directory.resolve("t.yml");
        Files.writeString(yaml, "- targets: [c:3]\n- targets: {}\n");
        assertThatThrownBy(() -> TargetFile.read(yaml))
                .hasMessage("file=" + yaml + " line=2: targets must be a list: found=mapping");
    }

    @ParameterizedTest
    @CsvSource({
        "1s, 1000",
        "1m30s, 90000",
        "250ms, 250",
        "1h, 3600000",
        "0, 0",
        "2w, 1209600000",
        "1d, 86400000"
    })
    void readsDurations(String text, long expectedMs) {
        assertThat(PrometheusDuration.parse(text)).contains(Duration.ofMillis(expectedMs));
    }

    @ParameterizedTest
    @CsvSource({"1.5s", "1s1m", "s", "''", "1", "-1s", "1 s"})
    void refusesDurations(String text) {
        assertThat(PrometheusDuration.parse(text)).isEmpty();
    }
}
