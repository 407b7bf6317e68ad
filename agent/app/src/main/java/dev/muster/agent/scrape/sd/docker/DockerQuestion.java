package dev.muster.agent.scrape.sd.docker;

import dev.muster.agent.scrape.job.HttpAnswer;
import dev.muster.agent.scrape.job.HttpQuestion;
import dev.muster.agent.scrape.job.HttpRequests;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.Found;
import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.agent.scrape.sd.RefreshingDiscovery;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Asks the daemon once for its running containers and for its networks.
final class DockerQuestion implements RefreshingDiscovery.Question {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long BODY_BYTES_LIMIT = 32 << 20;

    private final DockerTargets settings;
    private final HttpRequests http;
    private final String base;
    private final Optional<Path> socket;

    DockerQuestion(DockerTargets settings, HttpRequests http) {
        this.settings = settings;
        this.http = http;
        URI host = settings.host();
        boolean unix = "unix".equals(host.getScheme());
        socket = unix ? Optional.of(Path.of(host.getPath())) : Optional.empty();
        String text = host.toString();
        String address = text.startsWith("tcp:") ? "http:" + text.substring(4) : text;
        base = unix ? "http://localhost" : address.replaceFirst("/+$", "");
    }

    @Override
    public Found ask() throws IOException, InterruptedException {
        byte[] containers = get("/containers/json" + filters());
        byte[] networks = get("/networks");
        List<Labels> targets =
                new DockerContainers(
                                settings,
                                JsonView.objects(containers, "containers"),
                                networkLabels(JsonView.objects(networks, "networks")))
                        .targets();
        return Found.whole(List.of(new TargetGroup("Docker", targets, Labels.EMPTY)));
    }

    private static Map<String, Labels> networkLabels(List<JsonView> networks) throws IOException {
        Map<String, Labels> byId = new HashMap<>();
        for (JsonView network : networks) {
            byId.put(network.text("Id"), DockerContainers.ofNetwork(network));
        }
        return byId;
    }

    private String filters() {
        if (settings.filters().isEmpty()) {
            return "";
        }
        Map<String, Map<String, Boolean>> filters = new TreeMap<>();
        settings.filters()
                .forEach((name, values) -> {
                    Map<String, Boolean> set = new TreeMap<>();
                    values.forEach(value -> set.put(value, true));
                    filters.put(name, set);
                });
        return "?filters=" + URLEncoder.encode(JsonView.encode(filters), StandardCharsets.UTF_8);
    }

    private byte[] get(String path) throws IOException, InterruptedException {
        HttpAnswer answer =
                http.get(
                        new HttpQuestion(
                                URI.create(base + path),
                                socket,
                                settings.access(),
                                Map.of(),
                                TIMEOUT,
                                BODY_BYTES_LIMIT));
        if (answer.status() != 200) {
            throw new IOException(
                    "docker host="
                            + settings.host()
                            + " path="
                            + path
                            + ": status must be 200: found="
                            + answer.status());
        }
        return answer.body();
    }
}
