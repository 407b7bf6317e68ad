package dev.muster.agent.scrape.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.sd.consul.ConsulAgentTargets;
import dev.muster.agent.scrape.sd.consul.ConsulTargets;
import dev.muster.agent.scrape.sd.dns.DnsTargets;
import dev.muster.agent.scrape.sd.dns.DnsType;
import dev.muster.agent.scrape.sd.docker.DockerTargets;
import dev.muster.agent.scrape.sd.http.HttpTargets;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesRole;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesServer;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesTargets;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesTargets.Selector;
import dev.muster.yaml.YamlException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiscoveryParserTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final ScrapeDefaults DEFAULTS =
            new ScrapeDefaults(new ScrapeTiming(SECOND, SECOND), ScrapeLimits.NONE);

    @TempDir private Path directory;

    /// @param job keys of a job, from line 3
    private List<DiscoveryConfig> parse(String job) throws YamlException {
        String text = "scrape_configs:\n- job_name: j\n" + job.stripTrailing().indent(2);
        return ScrapeFile.parse("p.yml", text, directory, DEFAULTS, Map.of())
                .jobs()
                .getFirst()
                .discoveries();
    }

    private DiscoverySettings one(String job) throws YamlException {
        return parse(job).getFirst().settings();
    }

    @Test
    void readsHttp() throws YamlException {
        assertThat(
                        one(
                                """
                                http_sd_configs:
                                - url: http://h:1/x?y=z
                                  authorization: {credentials: t}
                                """))
                .isEqualTo(
                        new HttpTargets(
                                URI.create("http://h:1/x?y=z"),
                                HttpAccess.DEFAULT.withCredentials(
                                        new Credentials.Token("Bearer", new Secret.Text("t"))),
                                Duration.ofMinutes(1)));
    }

    @Test
    void readsDns() throws YamlException {
        assertThat(
                        one(
                                """
                                dns_sd_configs:
                                - names: [a.test, b.test]
                                  type: a
                                  port: 9100
                                  refresh_interval: 10s
                                """))
                .isEqualTo(
                        new DnsTargets(
                                List.of("a.test", "b.test"),
                                DnsType.A,
                                9100,
                                Duration.ofSeconds(10)));
    }

    @Test
    void readsConsul() throws YamlException {
        HttpAccess plain = HttpAccess.DEFAULT;
        assertThat(
                        one(
                                """
                                consul_sd_configs:
                                - token: s
                                  username: u
                                  password: p
                                  path_prefix: /c/
                                  services: [web]
                                  tags: [x]
                                  node_meta: {rack: r}
                                  tag_separator: ;
                                  allow_stale: false
                                """))
                .isEqualTo(
                        new ConsulTargets(
                                URI.create("http://localhost:8500/c"),
                                new HttpAccess(
                                        new Credentials.Basic(
                                                new Secret.Text("u"), new Secret.Text("p")),
                                        plain.tls(),
                                        plain.proxy(),
                                        Map.of("X-Consul-Token", List.of(new Secret.Text("s"))),
                                        true,
                                        true,
                                        true),
                                new ConsulTargets.Query(
                                        "",
                                        "",
                                        "",
                                        List.of("web"),
                                        List.of("x"),
                                        Map.of("rack", "r"),
                                        "",
                                        "",
                                        ";",
                                        false),
                                Duration.ofSeconds(30)));
        assertThat(one("consul_agent_sd_configs: [{server: 'h:1', scheme: https}]"))
                .isEqualTo(
                        new ConsulAgentTargets(
                                URI.create("https://h:1"),
                                plain,
                                List.of(),
                                List.of(),
                                "",
                                ",",
                                Duration.ofSeconds(30)));
    }

    @Test
    void readsDocker() throws YamlException {
        assertThat(
                        one(
                                """
                                docker_sd_configs:
                                - host: unix:///var/run/docker.sock
                                  match_first_network: false
                                  filters: [{name: label, values: [a=b]}]
                                """))
                .isEqualTo(
                        new DockerTargets(
                                URI.create("unix:///var/run/docker.sock"),
                                HttpAccess.DEFAULT,
                                80,
                                "localhost",
                                false,
                                Map.of("label", List.of("a=b")),
                                Duration.ofMinutes(1)));
    }

    @Test
    void readsKubernetes() throws YamlException {
        assertThat(
                        one(
                                """
                                kubernetes_sd_configs:
                                - role: endpoints
                                  namespaces: {own_namespace: true, names: [shop]}
                                  selectors:
                                  - {role: pod, label: 'app=web'}
                                  - {role: endpoints, field: metadata.name=x}
                                  attach_metadata: {node: true}
                                """))
                .isEqualTo(
                        new KubernetesTargets(
                                KubernetesRole.ENDPOINTS,
                                Optional.empty(),
                                List.of("shop"),
                                true,
                                Map.of(
                                        KubernetesRole.POD,
                                        new Selector("app=web", ""),
                                        KubernetesRole.ENDPOINTS,
                                        new Selector("", "metadata.name=x")),
                                true));
    }

    @Test
    void readsKubeconfig() throws IOException {
        String authority =
                Base64.getEncoder().encodeToString("PEM".getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                directory.resolve("kube.yml"),
                """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts:
                - {name: there, context: {cluster: x, user: y}}
                - {name: here, context: {cluster: c, user: u}}
                clusters:
                - name: c
                  cluster: {server: 'https://k:6443', certificate-authority-data: %s}
                users:
                - name: u
                  user: {tokenFile: tok}
                """
                        .formatted(authority));
        KubernetesTargets settings =
                (KubernetesTargets)
                        one("kubernetes_sd_configs: [{role: pod, kubeconfig_file: kube.yml}]");
        KubernetesServer server = settings.server().orElseThrow();
        assertThat(server.uri()).hasToString("https://k:6443");
        assertThat(server.access().tls().ca()).contains(new Secret.Text("PEM"));
        assertThat(server.access().credentials())
                .isEqualTo(
                        new Credentials.Token(
                                "Bearer", new Secret.InFile(directory.resolve("tok"))));
    }

    @Test
    void refusesKubeconfigsThatStartPrograms() throws IOException {
        Path file = directory.resolve("kube.yml");
        Files.writeString(
                file,
                """
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: 'https://k'}}]
                users:
                - name: u
                  user:
                    exec: {command: aws}
                """);
        assertThatThrownBy(() ->
                        one("kubernetes_sd_configs: [{role: pod, kubeconfig_file: kube.yml}]"))
                .hasMessageStartingWith("file=" + file + " line=7")
                .hasMessageEndingWith("key is not carried by this agent: found=exec");
    }

    @Test
    void knowsWhereEachStands() throws YamlException {
        assertThat(
                        parse(
                                """
                                dns_sd_configs:
                                - names: [a]
                                - names: [b]
                                static_configs:
                                - targets: [c:1]
                                """))
                .extracting(config -> config.kind() + " " + config.place())
                .containsExactly("static p.yml:7", "dns p.yml:4", "dns p.yml:5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "ec2_sd_configs: [{}]|line=3: key is Prometheus' but not carried here:"
                        + " found=ec2_sd_configs",
                "http_sd_configs: [{url: 'ftp://x'}]|line=3: url must be an http or https address"
                        + " with a host: found=ftp://x",
                "http_sd_configs: [{}]|line=3: url must be given",
                "http_sd_configs: [{url: 'http://x', refresh_interval: 0s}]|line=3:"
                        + " refresh_interval must be positive: found=PT0S",
                "dns_sd_configs: [{names: [a], type: TXT}]|line=3: type must be SRV, A, AAAA, MX or"
                        + " NS: found=TXT",
                "dns_sd_configs: [{names: [a], type: A}]|line=3: port must be 1 to 65535 for"
                        + " records other than SRV: type=A, port=0",
                "dns_sd_configs: [{}]|line=3: names must hold at least one name",
                "docker_sd_configs: [{host: 'ssh://h'}]|line=3: host must be unix:///path,"
                        + " tcp://host:port, http://host or https://host: found=ssh://h",
                "consul_sd_configs: [{server: 'a b'}]|line=3: server must be host:port: found=a b",
                "kubernetes_sd_configs: [{}]|line=3: role must be given: one of node, pod, service,"
                        + " endpoints or endpointslice",
                "kubernetes_sd_configs: [{role: ingress}]|line=3: role must be node, pod, service,"
                        + " endpoints or endpointslice: found=ingress",
                "kubernetes_sd_configs: [{role: pod, bearer_token: x}]|line=3: api_server must be"
                        + " given with options of HTTP",
                "kubernetes_sd_configs: [{role: pod, selectors: [{role: node}]}]|line=3: selector"
                        + " must be for one of [pod]: found=node"
            })
    void refusesWithTheLine(String job, String message) {
        assertThatThrownBy(() -> parse(job))
                .extracting(e -> String.valueOf(e.getMessage()).replaceFirst(" column=\\d+", ""))
                .isEqualTo("file=p.yml " + message);
    }
}
