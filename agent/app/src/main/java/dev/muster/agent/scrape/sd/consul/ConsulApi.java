package dev.muster.agent.scrape.sd.consul;

import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.HttpAnswer;
import dev.muster.agent.scrape.job.HttpQuestion;
import dev.muster.agent.scrape.job.HttpRequests;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// Questions to Consul's HTTP API. A question with the index of an earlier answer waits until there
/// is something newer, or two minutes.
final class ConsulApi {
    private static final Duration WAIT = Duration.ofMinutes(2);

    /// Consul adds up to a sixteenth of the wait.
    private static final Duration TIMEOUT = WAIT.plusSeconds(15);

    private static final long BODY_BYTES_LIMIT = 32 << 20;

    /// An answer and the index of what it tells.
    ///
    /// @param index to ask with for something newer
    /// @param body JSON
    /// @param place asked, for messages
    record Indexed(long index, HttpAnswer body, String place) {}

    private final HttpRequests http;
    private final URI server;
    private final HttpAccess access;

    ConsulApi(HttpRequests http, URI server, HttpAccess access) {
        this.http = http;
        this.server = server;
        this.access = access;
    }

    /// The names of the services with their tags.
    Indexed services(ConsulTargets.Query query, long index)
            throws IOException, InterruptedException {
        StringJoiner parameters = parameters(query, query.filter(), index);
        for (Map.Entry<String, String> meta : query.nodeMeta().entrySet()) {
            add(parameters, "node-meta", meta.getKey() + ":" + meta.getValue());
        }
        return get("/v1/catalog/services", parameters);
    }

    /// The instances of one service.
    Indexed instances(ConsulTargets.Query query, String service, long index)
            throws IOException, InterruptedException {
        StringJoiner parameters = parameters(query, query.healthFilter(), index);
        for (String tag : query.tags()) {
            add(parameters, "tag", tag);
        }
        for (Map.Entry<String, String> meta : query.nodeMeta().entrySet()) {
            add(parameters, "node-meta", meta.getKey() + ":" + meta.getValue());
        }
        return get("/v1/health/service/" + encode(service).replace("+", "%20"), parameters);
    }

    /// What the agent itself knows, without waiting.
    HttpAnswer agent(String path, String filter) throws IOException, InterruptedException {
        StringJoiner parameters = new StringJoiner("&");
        addUnlessEmpty(parameters, "filter", filter);
        return get(path, parameters).body();
    }

    private static StringJoiner parameters(ConsulTargets.Query query, String filter, long index) {
        StringJoiner parameters = new StringJoiner("&");
        addUnlessEmpty(parameters, "dc", query.datacenter());
        addUnlessEmpty(parameters, "ns", query.namespace());
        addUnlessEmpty(parameters, "partition", query.partition());
        addUnlessEmpty(parameters, "filter", filter);
        if (query.allowStale()) {
            parameters.add("stale");
        }
        if (index > 0) {
            add(parameters, "index", Long.toString(index));
            add(parameters, "wait", WAIT.toMillis() + "ms");
        }
        return parameters;
    }

    private Indexed get(String path, StringJoiner parameters)
            throws IOException, InterruptedException {
        String query = parameters.length() == 0 ? "" : "?" + parameters;
        URI uri = URI.create(server + path + query);
        HttpAnswer answer =
                http.get(
                        new HttpQuestion(
                                uri,
                                Optional.empty(),
                                access,
                                Map.of(),
                                TIMEOUT,
                                BODY_BYTES_LIMIT));
        String place = server + path;
        if (answer.status() != 200) {
            String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
            throw new IOException(
                    place
                            + ": status must be 200: found="
                            + answer.status()
                            + ", "
                            + text.substring(0, Math.min(200, text.length())));
        }
        return new Indexed(index(answer), answer, place);
    }

    /// An index that is none asks without waiting, which is always right.
    private static long index(HttpAnswer answer) {
        try {
            return Math.max(0, Long.parseLong(answer.header("X-Consul-Index")));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static void addUnlessEmpty(StringJoiner parameters, String name, String value) {
        if (!value.isEmpty()) {
            add(parameters, name, value);
        }
    }

    private static void add(StringJoiner parameters, String name, String value) {
        parameters.add(name + "=" + encode(value));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
