package dev.muster.agent.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.scrape.discovery.Discoveries;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.agent.scrape.discovery.TargetRelabelling;
import dev.muster.agent.scrape.discovery.TargetResult;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.file.ScrapeFile;
import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.Place;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.agent.scrape.sd.NoRequests;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole configuration files as users of Prometheus have them, not changed for this agent, and what
/// becomes of them.
class UserFilesTest {
    private static final ScrapeDefaults DEFAULTS =
            new ScrapeDefaults(
                    new ScrapeTiming(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                    new ScrapeLimits(16 << 20, 0, 0, 0, 0, 0));

    @TempDir private Path directory;

    private ScrapeFile read(String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = UserFilesTest.class.getResourceAsStream("examples/" + name)) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        return ScrapeFile.read(file, DEFAULTS);
    }

    private static ScrapeJob job(ScrapeFile file, String name) {
        return file.jobs().stream()
                .filter(job -> job.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static TargetSet targets(ScrapeJob job) {
        try (Discoveries discoveries =
                new Discoveries(new DiscoveryBench().context(new NoRequests()))) {
            discoveries.serve(List.of(job));
            return TargetSet.of(List.of(job), discoveries);
        }
    }

    private static List<String> urls(ScrapeJob job) {
        return targets(job).active().values().stream()
                .map(target -> target.endpoint().url())
                .toList();
    }

    @Test
    void nodeAndProbesOfOthers() throws IOException {
        ScrapeFile file = read("node-and-blackbox.yml");
        assertThat(file.jobs())
                .extracting(ScrapeJob::name)
                .containsExactly("prometheus", "node", "blackbox", "snmp", "federate");
        assertThat(file.externalLabels()).isEqualTo(Map.of("monitor", "site-a", "replica", ""));
        assertThat(file.remarks())
                .hasSize(4)
                .anyMatch(remark -> remark.contains("rule_files"))
                .anyMatch(remark -> remark.contains("alerting"))
                .anyMatch(remark -> remark.contains("[HOSTNAME_OF_REPLICA]"))
                .noneMatch(remark -> remark.contains("not-for-logs"));

        ScrapeJob node = job(file, "node");
        assertThat(node.timing())
                .isEqualTo(new ScrapeTiming(Duration.ofSeconds(5), Duration.ofSeconds(5)));
        assertThat(urls(node))
                .containsExactly(
                        "http://db1.example.com:9100/metrics",
                        "http://db2.example.com:9100/metrics",
                        "http://web1.example.com:9100/metrics");
        assertThat(targets(node).active().values())
                .first()
                .extracting(Target::labels)
                .isEqualTo(
                        Labels.of(
                                Map.of(
                                        "group", "database",
                                        "host", "db1",
                                        "instance", "db1.example.com:9100",
                                        "job", "node")));

        assertThat(urls(job(file, "blackbox")))
                .containsExactly(
                        "http://127.0.0.1:9115/probe?module=http_2xx"
                                + "&target=https%3A%2F%2Fprometheus.example",
                        "http://127.0.0.1:9115/probe?module=http_2xx"
                            + "&target=http%3A%2F%2Fprometheus.example%3A8080%2Fhealth%3Ffull%3D1");
        assertThat(urls(job(file, "snmp")))
                .containsExactly(
                        "http://127.0.0.1:9116/snmp?auth=public_v2&module=if_mib&module=hrDevice"
                                + "&target=192.0.2.1",
                        "http://127.0.0.1:9116/snmp?auth=public_v2&module=if_mib&module=hrDevice"
                                + "&target=192.0.2.2");
        ScrapeJob federate = job(file, "federate");
        assertThat(urls(federate))
                .containsExactly(
                        "https://source-prometheus-1:9090/federate"
                                + "?match%5B%5D=%7Bjob%3D%22prometheus%22%7D"
                                + "&match%5B%5D=%7B__name__%3D%7E%22job%3A.*%22%7D");
        assertThat(federate.rules().honorLabels()).isTrue();
        assertThat(federate.access().credentials())
                .isEqualTo(
                        new Credentials.Basic(
                                new Secret.Text("reader"),
                                new Secret.InFile(Path.of("/etc/prometheus/federate.pw"))));
    }

    private static TargetResult pod(ScrapeJob job, Map<String, String> labels) {
        return TargetRelabelling.relabel(
                job,
                new TargetOrigin(job.name(), "kubernetes", Place.BUILT_IN, "pod"),
                new TargetGroup("pod", List.of(), Labels.of(Map.of())),
                Labels.of(labels));
    }

    @Test
    void annotatedPods() throws IOException {
        ScrapeFile file = read("kubernetes.yml");
        assertThat(file.remarks()).isEmpty();
        ScrapeJob pods = job(file, "kubernetes-pods");
        String meta = "__meta_kubernetes_pod_";
        TargetResult kept =
                pod(
                        pods,
                        Map.of(
                                "__address__",
                                "10.1.2.3:8080",
                                "__meta_kubernetes_namespace",
                                "shop",
                                meta + "name",
                                "api-0",
                                meta + "phase",
                                "Running",
                                meta + "label_app",
                                "api",
                                meta + "annotation_prometheus_io_scrape",
                                "true",
                                meta + "annotation_prometheus_io_port",
                                "9102",
                                meta + "annotation_prometheus_io_path",
                                "/internal/metrics",
                                meta + "annotation_prometheus_io_param_format",
                                "text"));
        assertThat(kept)
                .isInstanceOfSatisfying(
                        TargetResult.Active.class,
                        active -> {
                            assertThat(active.target().endpoint().url())
                                    .isEqualTo("http://10.1.2.3:9102/internal/metrics?format=text");
                            assertThat(active.target().labels())
                                    .isEqualTo(
                                            Labels.of(
                                                    Map.of(
                                                            "app", "api",
                                                            "instance", "10.1.2.3:9102",
                                                            "job", "kubernetes-pods",
                                                            "namespace", "shop",
                                                            "pod", "api-0")));
                        });
        TargetResult dropped = pod(pods, Map.of("__address__", "10.1.2.4:8080"));
        assertThat(dropped)
                .isInstanceOfSatisfying(
                        TargetResult.Dropped.class,
                        result -> {
                            assertThat(result.rule()).isZero();
                            assertThat(result.rulePlace()).endsWith("kubernetes.yml:28");
                        });
    }
}
