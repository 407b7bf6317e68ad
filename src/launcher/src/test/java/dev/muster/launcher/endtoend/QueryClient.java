package dev.muster.launcher.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Asks over HTTP what a user would ask.
final class QueryClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String url;

    QueryClient(String url) {
        this.url = url;
    }

    /// The raw samples of the one series a selector finds in `(toMs - length, toMs]`; none if it
    /// finds none.
    List<Sample> samples(String selector, long toMs, Duration length) {
        var answer =
                json(
                        "/api/v1/query?time="
                                + toMs / 1000.0
                                + "&query="
                                + encoded(selector + "[" + length.toMillis() + "ms]"));
        var result = answer.path("data").path("result");
        if (result.size() > 1) {
            throw new AssertionError("selector must find one series: " + selector + ": " + answer);
        }
        var samples = new ArrayList<Sample>();
        for (var pair : result.path(0).path("values")) {
            samples.add(
                    new Sample(
                            Math.round(pair.get(0).asDouble() * 1000),
                            Double.parseDouble(pair.get(1).asText())));
        }
        return samples;
    }

    JsonNode json(String path) {
        try {
            return JSON.readTree(text(path));
        } catch (IOException e) {
            throw new AssertionError("no answer from " + url + path, e);
        }
    }

    boolean answers(String path) {
        try {
            return client.send(request(path), HttpResponse.BodyHandlers.discarding()).statusCode()
                    == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The first line of the answer to a request whose target is sent as it is, without encoding.
    String statusLine(String target) throws IOException {
        URI to = URI.create(url);
        try (var socket = new Socket(to.getHost(), to.getPort())) {
            socket.setSoTimeout(10_000);
            String request =
                    "GET " + target + " HTTP/1.1\r\nHost: muster\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            var answer = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
            return String.valueOf(new BufferedReader(answer).readLine());
        }
    }

    /// The samples of `/metrics` whose names begin so, for messages.
    String metrics(String prefix) {
        try {
            return text("/metrics")
                    .lines()
                    .filter(line -> line.startsWith(prefix))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "no metrics: " + e;
        }
    }

    private String text(String path) throws IOException {
        try {
            return client.send(request(path), HttpResponse.BodyHandlers.ofString()).body();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
