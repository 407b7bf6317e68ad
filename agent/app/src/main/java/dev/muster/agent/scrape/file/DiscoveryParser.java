package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.StaticTargets;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.dns.DnsTargets;
import dev.muster.agent.scrape.sd.dns.DnsType;
import dev.muster.agent.scrape.sd.http.HttpTargets;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Turns the keys of a job that say how targets are found into discoveries.
final class DiscoveryParser {
    private static final Duration FILE_REFRESH = Duration.ofMinutes(5);
    private static final Duration HTTP_REFRESH = Duration.ofMinutes(1);
    private static final Duration DNS_REFRESH = Duration.ofSeconds(30);
    private static final String SUFFIX = "_sd_configs";

    /// Kinds that Prometheus has and this agent has not.
    static final Set<String> NOT_CARRIED =
            Set.of(
                    "aws_sd_configs",
                    "azure_sd_configs",
                    "digitalocean_sd_configs",
                    "dockerswarm_sd_configs",
                    "ec2_sd_configs",
                    "ecs_sd_configs",
                    "eureka_sd_configs",
                    "gce_sd_configs",
                    "hetzner_sd_configs",
                    "ionos_sd_configs",
                    "kuma_sd_configs",
                    "lightsail_sd_configs",
                    "linode_sd_configs",
                    "marathon_sd_configs",
                    "msk_sd_configs",
                    "nerve_sd_configs",
                    "nomad_sd_configs",
                    "openstack_sd_configs",
                    "outscale_sd_configs",
                    "ovhcloud_sd_configs",
                    "puppetdb_sd_configs",
                    "scaleway_sd_configs",
                    "serverset_sd_configs",
                    "stackit_sd_configs",
                    "triton_sd_configs",
                    "uyuni_sd_configs",
                    "vultr_sd_configs");

    private final YamlMap config;
    private final Path directory;

    /// @param config of the job
    /// @param directory relative names of files start here
    DiscoveryParser(YamlMap config, Path directory) {
        this.config = config;
        this.directory = directory;
    }

    /// Reads the settings of one entry.
    @FunctionalInterface
    private interface EntryParser {
        DiscoverySettings parse(YamlMap entry) throws YamlException;
    }

    /// @param job name of the job
    List<DiscoveryConfig> parse(String job) throws YamlException {
        List<DiscoveryConfig> found = new ArrayList<>();
        for (YamlMap group : config.maps("static_configs")) {
            StaticTargets targets = new StaticTargets(group(group, job + "/" + found.size()));
            found.add(new DiscoveryConfig(targets, ScrapeValues.place(group)));
        }
        add(found, "file", this::files);
        add(found, "http", this::http);
        add(found, "dns", DiscoveryParser::dns);
        add(found, "consul", entry -> new ConsulParser(entry, directory).catalog());
        add(found, "consul_agent", entry -> new ConsulParser(entry, directory).agent());
        add(found, "docker", entry -> new DockerParser(entry, directory).parse());
        add(found, "kubernetes", entry -> new KubernetesParser(entry, directory).parse());
        String path = config.text("metrics_path", "/metrics");
        String scheme = config.text("scheme", "http");
        add(found, "muster_listener", entry -> ListenerParser.parse(entry, path, scheme));
        return found;
    }

    private void add(List<DiscoveryConfig> found, String kind, EntryParser parser)
            throws YamlException {
        for (YamlMap entry : config.maps(kind + SUFFIX)) {
            try {
                found.add(new DiscoveryConfig(parser.parse(entry), ScrapeValues.place(entry)));
            } catch (IllegalArgumentException e) {
                throw entry.error("", String.valueOf(e.getMessage()));
            }
            entry.refuseOthers();
        }
    }

    /// One group of targets, in the file itself or in a file of its own.
    static TargetGroup group(YamlMap group, String source) throws YamlException {
        List<String> targets = group.texts("targets");
        Map<String, String> labels = group.words("labels");
        group.refuseOthers();
        return TargetGroup.of(source, targets, labels);
    }

    private DiscoverySettings files(YamlMap entry) throws YamlException {
        List<String> names = entry.texts("files");
        if (names.isEmpty()) {
            throw entry.error("files", "files must name at least one file");
        }
        for (String name : names) {
            if (!name.matches(".*\\.(json|yml|yaml)")) {
                throw entry.error(
                        "files", "file must end with .json, .yml or .yaml: found=" + name);
            }
        }
        return new FileTargets(directory, names, refresh(entry, FILE_REFRESH));
    }

    private DiscoverySettings http(YamlMap entry) throws YamlException {
        return new HttpTargets(
                uri(entry, "url"),
                new HttpAccessParser(entry, directory).parse(),
                refresh(entry, HTTP_REFRESH));
    }

    private static DiscoverySettings dns(YamlMap entry) throws YamlException {
        return new DnsTargets(
                entry.texts("names"),
                entry.value("type", DnsType.SRV, "SRV, A, AAAA, MX or NS", DnsType::of),
                ScrapeValues.count(entry, "port", 0),
                refresh(entry, DNS_REFRESH));
    }

    static Duration refresh(YamlMap entry, Duration fallback) throws YamlException {
        Duration interval = ScrapeValues.duration(entry, "refresh_interval", fallback);
        if (!interval.isPositive()) {
            throw entry.error(
                    "refresh_interval", "refresh_interval must be positive: found=" + interval);
        }
        return interval;
    }

    static URI uri(YamlMap entry, String key) throws YamlException {
        String text = entry.text(key, "");
        if (text.isEmpty()) {
            throw entry.error(key, key + " must be given");
        }
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw entry.error(key, key + " must be an address: found=" + text);
        }
    }
}
