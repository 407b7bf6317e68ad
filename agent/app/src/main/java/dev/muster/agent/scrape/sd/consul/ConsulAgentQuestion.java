package dev.muster.agent.scrape.sd.consul;

import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.Addresses;
import dev.muster.agent.scrape.sd.Found;
import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.agent.scrape.sd.RefreshingDiscovery;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Asks the agent of this host once what is registered with it, with the labels that the catalog
/// would give.
final class ConsulAgentQuestion implements RefreshingDiscovery.Question {
    private static final String META = "__meta_consul_";

    private final ConsulAgentTargets settings;
    private final ConsulApi api;

    ConsulAgentQuestion(ConsulAgentTargets settings, ConsulApi api) {
        this.settings = settings;
        this.api = api;
    }

    @Override
    public Found ask() throws IOException, InterruptedException {
        Labels node = node(JsonView.object(api.agent("/v1/agent/self", "").body(), "agent/self"));
        JsonView checks = JsonView.object(api.agent("/v1/agent/checks", "").body(), "agent/checks");
        JsonView services =
                JsonView.object(
                        api.agent("/v1/agent/services", settings.filter()).body(),
                        "agent/services");
        Map<String, List<Labels>> byName = new TreeMap<>();
        for (String id : services.names()) {
            JsonView service = services.object(id);
            if (wants(service)) {
                byName.computeIfAbsent(service.text("Service"), _ -> new ArrayList<>())
                        .add(target(service, node, checks));
            }
        }
        List<TargetGroup> groups = new ArrayList<>();
        byName.forEach((name, targets) ->
                groups.add(
                        new TargetGroup(name, targets, Labels.of("__meta_consul_service", name))));
        return Found.whole(groups);
    }

    private boolean wants(JsonView service) throws IOException {
        return (settings.services().isEmpty()
                        || settings.services().contains(service.text("Service")))
                && service.texts("Tags").containsAll(settings.tags());
    }

    private static Labels node(JsonView self) throws IOException {
        JsonView config = self.object("Config");
        JsonView member = self.object("Member");
        Labels.Builder labels = Labels.builder();
        labels.set(META + "dc", config.text("Datacenter"));
        labels.set(META + "node", config.text("NodeName"));
        labels.set(META + "partition", config.text("Partition"));
        labels.set(META + "address", member.text("Addr"));
        ConsulLabels.addAll(labels, META + "metadata_", self.words("Meta"));
        return labels.build();
    }

    private Labels target(JsonView service, Labels node, JsonView checks) throws IOException {
        Labels.Builder labels = node.toBuilder();
        ConsulLabels.addService(labels, service, settings.tagSeparator());
        List<JsonView> own = new ArrayList<>();
        for (String check : checks.names()) {
            JsonView of = checks.object(check);
            String about = of.text("ServiceID");
            // a check without a service is about the node
            if (about.isEmpty() || about.equals(service.text("ID"))) {
                own.add(of);
            }
        }
        labels.set(META + "health", ConsulLabels.health(own));
        String address = service.text("Address");
        labels.set(
                TargetGroup.ADDRESS,
                Addresses.of(
                        address.isEmpty() ? node.valueOf(META + "address") : address,
                        service.number("Port")));
        return labels.build();
    }
}
