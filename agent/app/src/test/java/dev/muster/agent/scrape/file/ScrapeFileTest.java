package dev.muster.agent.scrape.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.exposition.NameEscaping;
import dev.muster.agent.exposition.NameValidation;
import dev.muster.agent.exposition.ScrapeProtocol;
import dev.muster.agent.remotewrite.RemotePlan;
import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.ProxyAccess;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.StaticTargets;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.job.TlsAccess;
import dev.muster.agent.scrape.job.TlsVersion;
import dev.muster.agent.scrape.relabel.RelabelAction;
import dev.muster.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScrapeFileTest {
    static final ScrapeDefaults DEFAULTS =
            new ScrapeDefaults(
                    new ScrapeTiming(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                    new ScrapeLimits(16 << 20, 0, 0, 0, 0, 0));

    @TempDir private Path directory;

    private ScrapeFile parse(String text) throws YamlException {
        return ScrapeFile.parse(
                "p.yml", text, directory, DEFAULTS, Map.of("ZONE", "z9", "EMPTY", ""));
    }

    @Test
    void readsAWholeFile() throws YamlException {
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
                .containsExactly("line=3: evaluation_interval has no effect in an agent");
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
                .isEqualTo(new ScrapeTiming(Duration.ofSeconds(15), Duration.ofSeconds(10)));
        assertThat(files.access().credentials())
                .isEqualTo(new Credentials.Token("Bearer", new Secret.Text("secret")));
        assertThat(files.discoveries())
                .extracting(DiscoveryConfig::settings)
                .containsExactly(
                        new FileTargets(
                                directory, List.of("t/*.json", "t.yml"), Duration.ofMinutes(5)));
    }

    @Test
    void takesTheDefaultsOfTheAgent() throws YamlException {
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
    void takesAnEmptyFile() throws YamlException {
        assertThat(parse("")).isEqualTo(ScrapeFile.EMPTY);
        assertThat(parse("scrape_configs:\n")).isEqualTo(ScrapeFile.EMPTY);
    }

    static Stream<Arguments> refused() throws IOException {
        try (InputStream in = ScrapeFileTest.class.getResourceAsStream("refused.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
            return text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", 2))
                    .map(pair -> Arguments.of(pair[0], pair[1]));
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWithLineAndColumn(String input, String expected) {
        String text =
                input.replace("\\n", "\n").replace("JOB ", "scrape_configs:\n- job_name: a\n  ");
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(YamlException.class)
                .hasMessage("file=p.yml " + expected)
                .hasMessageNotContaining("topsecret");
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
        assertThatThrownBy(() -> parse(text.toString())).isInstanceOf(YamlException.class);
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
                .hasMessage(
                        "file="
                                + yaml
                                + " line=2 column=12: targets must be a list: found=mapping");
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

    @Test
    void readsEverySettingOfAJob() throws YamlException {
        ScrapeJob job =
                parse(
                                """
                                global:
                                  scrape_interval: 30s
                                  sample_limit: 7
                                  scrape_native_histograms: true
                                  scrape_failure_log_file: failures.log
                                scrape_configs:
                                  - job_name: all
                                    scrape_interval: 10s
                                    scrape_timeout: 2s
                                    fallback_scrape_protocol: PrometheusText0.0.4
                                    always_scrape_classic_histograms: true
                                    convert_classic_histograms_to_nhcb: true
                                    extra_scrape_metrics: true
                                    metric_name_validation_scheme: legacy
                                    metric_name_escaping_scheme: dots
                                    metrics_path: probe
                                    label_limit: 1
                                    label_name_length_limit: 2
                                    label_value_length_limit: 3
                                    target_limit: 4
                                    keep_dropped_targets: 5
                                    native_histogram_bucket_limit: 6
                                    native_histogram_min_bucket_factor: 1.1
                                    enable_compression: false
                                    enable_http2: false
                                    follow_redirects: false
                                    proxy_url: http://u:p@proxy:3128
                                    no_proxy: 10.0.0.0/8
                                    proxy_connect_header: {X-Who: [agent]}
                                    http_headers:
                                      X-Tenant: {values: [a], secrets: [b], files: [c]}
                                    oauth2:
                                      client_id: id
                                      client_secret_file: secret
                                      token_url: https://auth/token
                                      scopes: [read]
                                      endpoint_params: {audience: x}
                                      tls_config: {insecure_skip_verify: true}
                                    tls_config:
                                      ca_file: ca.pem
                                      cert: inline
                                      key_file: key.pem
                                      server_name: other
                                      min_version: TLS13
                                """)
                        .jobs()
                        .getFirst();
        assertThat(job.formats())
                .isEqualTo(
                        new ScrapeFormats(
                                ScrapeProtocol.PROTO_FIRST,
                                Optional.of(ScrapeProtocol.PROMETHEUS_TEXT_0_0_4),
                                true,
                                true,
                                true,
                                NameValidation.LEGACY,
                                NameEscaping.DOTS,
                                true));
        assertThat(job.limits()).isEqualTo(new ScrapeLimits(16 << 20, 7, 1, 2, 3, 4, 6, 1.1, 5));
        assertThat(job.metricsPath()).isEqualTo("/probe");
        assertThat(job.failureLog()).contains(directory.resolve("failures.log"));
        HttpAccess access = job.access();
        assertThat(access.http2() || access.compression() || access.followRedirects()).isFalse();
        assertThat(access.proxy())
                .isEqualTo(
                        new ProxyAccess(
                                new Secret.Text("http://u:p@proxy:3128"),
                                "10.0.0.0/8",
                                false,
                                Map.of("X-Who", List.of(new Secret.Text("agent")))));
        assertThat(access.headers())
                .isEqualTo(
                        Map.of(
                                "X-Tenant",
                                List.of(
                                        new Secret.Text("a"),
                                        new Secret.Text("b"),
                                        new Secret.InFile(directory.resolve("c")))));
        assertThat(access.tls())
                .isEqualTo(
                        new TlsAccess(
                                Optional.of(new Secret.InFile(directory.resolve("ca.pem"))),
                                Optional.of(new Secret.Text("inline")),
                                Optional.of(new Secret.InFile(directory.resolve("key.pem"))),
                                "other",
                                false,
                                TlsVersion.TLS13,
                                TlsVersion.TLS13));
        assertThat(access.credentials())
                .isInstanceOfSatisfying(
                        Credentials.OAuth2.class,
                        oauth2 -> {
                            assertThat(oauth2.scopes()).containsExactly("read");
                            assertThat(oauth2.endpointParams()).isEqualTo(Map.of("audience", "x"));
                            assertThat(oauth2.tls().insecureSkipVerify()).isTrue();
                            assertThat(oauth2.toString()).doesNotContain("secret");
                        });
    }

    @Test
    void saysWhatSectionsAreNotDoneHere() throws YamlException {
        ScrapeFile file =
                parse(
                        """
                        global: {scrape_interval: 15s, query_log_file: q.log}
                        rule_files: [a.yml, b.yml]
                        alerting:
                          alertmanagers: [{static_configs: [{targets: [am:9093]}]}]
                        remote_write:
                          - url: https://user:topsecret@far/write
                            queue_config: {capacity: 10}
                        remote_read: [{url: http://far/read}]
                        storage: {tsdb: {out_of_order_time_window: 5m}}
                        tracing: {endpoint: t:4317}
                        otlp: {promote_resource_attributes: [a]}
                        runtime: {gogc: 75}
                        scrape_configs: [{job_name: a}]
                        """);
        assertThat(file.remarks())
                .hasSize(9)
                .anyMatch(remark -> remark.startsWith("line=1: query_log_file has no effect"))
                .anyMatch(remark ->
                        remark.startsWith("line=2: rule_files: ") && remark.endsWith("entries=2"))
                .anyMatch(
                        remark -> remark.startsWith("line=7: queue_config: capacity has no effect"))
                .noneMatch(remark -> remark.contains("topsecret"));
    }

    @Test
    void readsStoresThatSamplesAreSentTo() throws YamlException {
        List<RemotePlan> remotes =
                parse(
                                """
                                remote_write:
                                  - url: https://user:pw@far/write?a=b
                                  - name: second
                                    url: http://near:9090/api/v1/write
                                    protobuf_message: io.prometheus.write.v2.Request
                                    remote_timeout: 5s
                                    headers: {X-Scope-OrgID: shop}
                                    send_exemplars: true
                                    send_native_histograms: true
                                    bearer_token: secret
                                    tls_config: {insecure_skip_verify: true}
                                    write_relabel_configs:
                                      - {source_labels: [__name__], regex: go_.*, action: drop}
                                    metadata_config: {send: false}
                                    queue_config:
                                      max_shards: 200
                                      max_samples_per_send: 50
                                      batch_send_deadline: 1s
                                      min_backoff: 10ms
                                      max_backoff: 1m
                                      retry_on_http_429: false
                                      sample_age_limit: 2h
                                """)
                        .remotes();
        RemotePlan first = remotes.getFirst();
        assertThat(first.name()).isEqualTo("https://far/write?a=b");
        assertThat(first.url()).hasToString("https://far/write?a=b");
        assertThat(first.access().credentials())
                .isEqualTo(new Credentials.Basic(new Secret.Text("user"), new Secret.Text("pw")));
        assertThat(first.queue()).isEqualTo(RemotePlan.Queue.DEFAULT);
        RemotePlan second = remotes.getLast();
        assertThat(second.name()).isEqualTo("second");
        assertThat(second.version()).isEqualTo(RemotePlan.Version.SECOND);
        assertThat(second.headers()).containsExactly(Map.entry("X-Scope-OrgID", "shop"));
        assertThat(second.rules()).hasSize(1);
        assertThat(second.exemplars()).isTrue();
        assertThat(second.metadataInterval()).isEqualTo(Duration.ZERO);
        assertThat(second.queue())
                .isEqualTo(
                        new RemotePlan.Queue(
                                64,
                                50,
                                Duration.ofSeconds(1),
                                Duration.ofMillis(10),
                                Duration.ofMinutes(1),
                                false,
                                Duration.ofHours(2)));
        assertThatThrownBy(() -> parse("remote_write: [{url: topsecret}]"))
                .hasMessageContaining("url of a remote_write must be an http")
                .hasMessageNotContaining("topsecret");
        assertThatThrownBy(() -> parse("remote_write: [{url: http://a}, {url: http://a}]"))
                .hasMessageContaining("must be unique");
        assertThatThrownBy(() -> parse("remote_write: [{url: http://a, sigv4: {}}]"))
                .hasMessageContaining("sigv4");
    }

    @Test
    void saysThatItsOwnIntervalHolds() throws YamlException {
        assertThat(parse("scrape_configs: [{job_name: a}]").remarks())
                .containsExactly(
                        "line=1: global scrape_interval is not given: muster.scrape.interval=1s"
                                + " holds where a job has none");
    }

    @Test
    void readsVariablesInExternalLabels() throws YamlException {
        ScrapeFile file =
                parse(
                        """
                        global:
                          scrape_interval: 1s
                          external_labels:
                            zone: ${ZONE}-$ZONE
                            price: 5$$
                            empty: "${EMPTY}"
                            absent: x${ABSENT}
                        """);
        assertThat(file.externalLabels())
                .isEqualTo(Map.of("zone", "z9-z9", "price", "5$", "empty", "", "absent", "x"));
        assertThat(file.remarks())
                .containsExactly(
                        "line=3: external_labels name variables that are not set: found=[ABSENT]");
    }

    @Test
    void readsFilesOfJobs() throws IOException {
        Path jobs = Files.createDirectories(directory.resolve("jobs"));
        Files.writeString(
                jobs.resolve("one.yml"),
                "scrape_configs: [{job_name: one, basic_auth: {password_file: p}}]");
        Files.writeString(jobs.resolve("two.yml"), "scrape_configs: [{job_name: two}]");
        String text =
                "global: {scrape_interval: 9s}\nscrape_config_files: ['jobs/*.yml', absent.yml]\n";
        ScrapeFile file = parse(text);
        assertThat(file.jobs()).extracting(ScrapeJob::name).containsExactly("one", "two");
        assertThat(file.jobs().getFirst().timing().interval()).isEqualTo(Duration.ofSeconds(9));
        assertThat(file.jobs().getFirst().access().credentials())
                .isEqualTo(
                        new Credentials.Basic(Secret.EMPTY, new Secret.InFile(jobs.resolve("p"))));
        assertThat(file.included()).hasSize(2);
        assertThat(file.remarks())
                .containsExactly("line=2: scrape_config_files: no file is there: found=absent.yml");
        assertThatThrownBy(() -> parse(text + "scrape_configs: [{job_name: two}]"))
                .hasMessage(
                        "file="
                                + jobs.resolve("two.yml")
                                + " line=1 column=19: job_name must be unique: found=two, also at"
                                + " p.yml:3");
    }

    @Test
    void mergesMappings() throws YamlException {
        ScrapeFile file =
                parse(
                        """
                        scrape_configs:
                          - &base
                            job_name: a
                            scheme: https
                            sample_limit: 3
                          - <<: *base
                            job_name: b
                            sample_limit: 4
                        """);
        ScrapeJob merged = file.jobs().get(1);
        assertThat(merged.name() + merged.scheme() + merged.limits().samples())
                .isEqualTo("bhttps4");
    }
}
