package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.HttpAnswer;
import dev.muster.agent.scrape.job.HttpQuestion;
import dev.muster.agent.scrape.job.HttpRequests;
import dev.muster.agent.scrape.sd.JsonView;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/// Lists and watches objects of a cluster.
final class KubernetesApi {
    static final int GONE = 410;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /// Servers end a watch after `timeoutSeconds`; until then there may be nothing to tell.
    private static final int WATCH_SECONDS = 300;

    private static final Duration SILENCE = Duration.ofSeconds(WATCH_SECONDS + 30);
    private static final long PAGE_BYTES_LIMIT = 32 << 20;

    /// Objects have at most 1.5 MiB in the store of a cluster.
    private static final long OBJECT_BYTES_LIMIT = 4 << 20;

    private static final Map<String, String> HEADERS = Map.of("Accept", "application/json");

    /// The version asked for is no longer known: the objects must be listed anew.
    static final class GoneException extends IOException {
        GoneException(String message) {
            super(message);
        }
    }

    private final HttpRequests http;
    private final KubernetesServer server;

    KubernetesApi(HttpRequests http, KubernetesServer server) {
        this.http = http;
        this.server = server;
    }

    /// One page of a list.
    JsonView list(String path, Map<String, String> parameters)
            throws IOException, InterruptedException {
        HttpAnswer answer = http.get(question(path, parameters, TIMEOUT, PAGE_BYTES_LIMIT));
        check(path, answer);
        return JsonView.object(answer.body(), path);
    }

    /// Hands over the events of a watch until the server ends it.
    void watch(String path, Map<String, String> parameters, HttpRequests.Lines events)
            throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put("watch", "true");
        all.put("allowWatchBookmarks", "true");
        all.put("timeoutSeconds", Integer.toString(WATCH_SECONDS));
        check(path, http.lines(question(path, all, SILENCE, OBJECT_BYTES_LIMIT), events));
    }

    private void check(String path, HttpAnswer answer) throws IOException {
        if (answer.status() == GONE) {
            throw new GoneException(path + ": version is gone");
        }
        if (answer.status() != 200) {
            throw new IOException(
                    server.uri()
                            + path
                            + ": status must be 200: found="
                            + answer.status()
                            + message(answer));
        }
    }

    /// The server's own words, as far as it has some.
    private static String message(HttpAnswer answer) {
        try {
            return ", " + JsonView.object(answer.body(), "status").text("message");
        } catch (IOException e) {
            return "";
        }
    }

    private HttpQuestion question(
            String path, Map<String, String> parameters, Duration timeout, long limitBytes) {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        parameters.forEach((name, value) ->
                query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        String base = server.uri().toString().replaceFirst("/+$", "");
        return new HttpQuestion(
                URI.create(base + path + query),
                Optional.empty(),
                server.access(),
                HEADERS,
                timeout,
                limitBytes);
    }
}
