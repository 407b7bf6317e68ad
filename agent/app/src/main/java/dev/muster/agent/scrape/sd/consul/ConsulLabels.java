package dev.muster.agent.scrape.sd.consul;

import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.Addresses;
import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.agent.scrape.sd.LabelNames;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Labels of the instances of services.
final class ConsulLabels {
    private static final String META = "__meta_consul_";

    private ConsulLabels() {}

    /// @param entry of `/v1/health/service`: node, service and checks
    /// @param tagSeparator between and around tags
    static Labels ofEntry(JsonView entry, String tagSeparator) throws IOException {
        JsonView node = entry.object("Node");
        JsonView service = entry.object("Service");
        Labels.Builder labels = Labels.builder();
        labels.set(META + "dc", node.text("Datacenter"));
        labels.set(META + "node", node.text("Node"));
        labels.set(META + "address", node.text("Address"));
        labels.set(META + "partition", node.text("Partition"));
        addAll(labels, META + "metadata_", node.words("Meta"));
        addAll(labels, META + "tagged_address_", node.words("TaggedAddresses"));
        labels.set(META + "health", health(entry.objects("Checks")));
        addService(labels, service, tagSeparator);
        String own = service.text("Address");
        labels.set(
                TargetGroup.ADDRESS,
                Addresses.of(own.isEmpty() ? node.text("Address") : own, service.number("Port")));
        return labels.build();
    }

    static void addService(Labels.Builder labels, JsonView service, String tagSeparator)
            throws IOException {
        labels.set(META + "namespace", service.text("Namespace"));
        labels.set(META + "service_address", service.text("Address"));
        labels.set(META + "service_id", service.text("ID"));
        labels.set(META + "service_port", Long.toString(service.number("Port")));
        labels.set(META + "tags", tags(service.texts("Tags"), tagSeparator));
        addAll(labels, META + "service_metadata_", service.words("Meta"));
    }

    private static String tags(List<String> tags, String separator) {
        return separator + String.join(separator, tags) + separator;
    }

    static void addAll(Labels.Builder labels, String prefix, Map<String, String> words) {
        words.forEach((name, value) -> labels.set(prefix + LabelNames.of(name), value));
    }

    /// The worst of the checks.
    static String health(List<JsonView> checks) throws IOException {
        boolean warning = false;
        boolean critical = false;
        for (JsonView check : checks) {
            String id = check.text("CheckID");
            if (id.equals("_node_maintenance") || id.startsWith("_service_maintenance:")) {
                return "maintenance";
            }
            switch (check.text("Status")) {
                case "critical" -> critical = true;
                case "warning" -> warning = true;
                default -> {}
            }
        }
        return critical ? "critical" : warning ? "warning" : "passing";
    }
}
