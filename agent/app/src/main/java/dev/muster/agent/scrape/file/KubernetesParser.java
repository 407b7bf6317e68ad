package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesRole;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesServer;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesTargets;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesTargets.Selector;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns an entry of `kubernetes_sd_configs` into settings.
final class KubernetesParser {
    private static final String ROLES = "node, pod, service, endpoints or endpointslice";

    private final YamlMap entry;
    private final Path directory;

    KubernetesParser(YamlMap entry, Path directory) {
        this.entry = entry;
        this.directory = directory;
    }

    DiscoverySettings parse() throws YamlException {
        if (!entry.has("role")) {
            throw entry.error("role", "role must be given: one of " + ROLES);
        }
        KubernetesRole role = role(entry);
        Optional<KubernetesServer> server = server();
        boolean own = false;
        List<String> names = List.of();
        if (entry.map("namespaces").isPresent()) {
            YamlMap namespaces = entry.map("namespaces").get();
            own = namespaces.flag("own_namespace", false);
            names = namespaces.texts("names");
            namespaces.refuseOthers();
        }
        if (own && server.isPresent()) {
            throw entry.error(
                    "namespaces",
                    "own_namespace must not be used with api_server or kubeconfig_file");
        }
        boolean attachNode = false;
        if (entry.map("attach_metadata").isPresent()) {
            YamlMap attach = entry.map("attach_metadata").get();
            attachNode = attach.flag("node", false);
            attach.refuseOthers(Set.of("namespace"));
        }
        return new KubernetesTargets(role, server, names, own, selectors(role), attachNode);
    }

    private static KubernetesRole role(YamlMap map) throws YamlException {
        return map.value("role", KubernetesRole.POD, ROLES, KubernetesRole::of);
    }

    private Map<KubernetesRole, Selector> selectors(KubernetesRole role) throws YamlException {
        Map<KubernetesRole, Selector> selectors = new EnumMap<>(KubernetesRole.class);
        for (YamlMap selector : entry.maps("selectors")) {
            KubernetesRole of = role(selector);
            if (!role.lookedAt().contains(of)) {
                throw selector.error(
                        "role",
                        "selector must be for one of "
                                + role.lookedAt().stream().map(KubernetesRole::text).toList()
                                + ": found="
                                + of.text());
            }
            Selector value = new Selector(selector.text("label", ""), selector.text("field", ""));
            if (selectors.put(of, value) != null) {
                throw selector.error("role", "only one selector of a role may be given");
            }
            selector.refuseOthers();
        }
        return selectors;
    }

    private Optional<KubernetesServer> server() throws YamlException {
        HttpAccess access = new HttpAccessParser(entry, directory).parse();
        String kubeconfig = entry.text("kubeconfig_file", "");
        boolean api = entry.has("api_server");
        if (!kubeconfig.isEmpty() && api) {
            throw entry.error(
                    "kubeconfig_file", "only one of kubeconfig_file and api_server may be given");
        }
        if (api) {
            return Optional.of(
                    new KubernetesServer(DiscoveryParser.uri(entry, "api_server"), access));
        }
        if (!access.equals(HttpAccess.DEFAULT)) {
            throw entry.error("", "api_server must be given with options of HTTP");
        }
        return kubeconfig.isEmpty()
                ? Optional.empty()
                : Optional.of(KubeconfigFile.read(directory.resolve(kubeconfig)));
    }
}
