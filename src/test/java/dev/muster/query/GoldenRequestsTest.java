package dev.muster.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// Requests as clients send them, from files, against the whole node but Quarkus.
///
/// A file is a line of what it is, the request as HTTP has it, and after a line that starts with `>
/// ` its status and type, what the answer must have: all members that are named, with the same
/// values, but anything for `*`; all of the first elements of arrays; of a text the start.
class GoldenRequestsTest {
    private static final String ANYTHING = "*";

    private record Golden(
            String name,
            String method,
            String path,
            List<String> headers,
            String body,
            String status,
            String answer) {
        static Golden of(Path file) throws IOException {
            String[] halves = Files.readString(file).split("\n> ", 2);
            String[] request = halves[0].split("\n", -1);
            String[] first = request[1].split(" ", 2);
            List<String> headers = new ArrayList<>();
            int at = 2;
            while (at < request.length && !request[at].isEmpty()) {
                headers.add(request[at++]);
            }
            String body = String.join("\n", List.of(request).subList(at, request.length)).strip();
            String[] answer = halves[1].split("\n", 2);
            return new Golden(
                    String.valueOf(file.getFileName()),
                    first[0],
                    first[1],
                    headers,
                    body,
                    answer[0],
                    answer[1].strip());
        }
    }

    @Test
    void deletesSeriesAndTakesItBack() throws Exception {
        try (TestNode node = new TestNode(Map.of("muster.http.admin-api", "true"));
                HttpClient http = HttpClient.newHttpClient()) {
            await().until(() -> asked(node, http).contains("\"cell\":\"c1\""));
            String series = "/api/v1/series?match%5B%5D=up&match%5B%5D=odd&end=1767229200";
            assertThat(sent(node, http, "GET", series)).contains("odd").contains("a1:9100");
            String deletion = "/api/v1/admin/tsdb/delete_series?match%5B%5D=odd";
            assertThat(sent(node, http, "POST", deletion)).isEqualTo("204 ");
            assertThat(sent(node, http, "GET", series)).doesNotContain("odd").contains("a1:9100");
            String list = sent(node, http, "GET", "/api/v1/admin/tsdb/tombstones");
            assertThat(list).contains("\"matchers\":[\"__name__=\\\"odd\\\"\"]");
            String id = list.replaceAll("(?s).*\"id\":\"([0-9a-f]+)\".*", "$1");
            String back = "/api/v1/admin/tsdb/tombstones/" + id + "/restore";
            assertThat(sent(node, http, "POST", back)).isEqualTo("204 ");
            assertThat(sent(node, http, "GET", series)).contains("odd");
        }
    }

    private static String sent(TestNode node, HttpClient http, String method, String path)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(node.url(path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    @Test
    void answersWhatClientsAsk() throws Exception {
        Path files = Path.of("test/resources/dev/muster/query/requests");
        List<String> wrong = new ArrayList<>();
        try (TestNode node = new TestNode(Map.of());
                HttpClient http = HttpClient.newHttpClient();
                Stream<Path> all = Files.list(files)) {
            await().until(() -> asked(node, http).contains("\"cell\":\"c1\""));
            List<Path> sorted = all.sorted().toList();
            assertThat(sorted).hasSizeGreaterThan(25);
            for (Path file : sorted) {
                check(node, Golden.of(file), http, wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String asked(TestNode node, HttpClient http)
            throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(node.url("/api/v1/fleet")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void check(TestNode node, Golden golden, HttpClient http, List<String> wrong)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(node.url(golden.path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .method(golden.method, HttpRequest.BodyPublishers.ofString(golden.body));
        for (String header : golden.headers) {
            String[] parts = header.split(": ", 2);
            request.header(parts[0], parts[1]);
        }
        HttpResponse<byte[]> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        String body = text(response);
        String status =
                response.statusCode()
                        + " "
                        + response.headers().firstValue("Content-Type").orElse("");
        if (!status.equals(golden.status)) {
            wrong.add(golden.name + ": status=" + status + " body=" + body);
            return;
        }
        Object expected = Json.decodeValue(golden.answer);
        Object actual = status.contains("json") ? Json.decodeValue(firstLine(body)) : body;
        if (!fits(expected, actual)) {
            wrong.add(golden.name + ": body=" + body);
        }
    }

    private static String firstLine(String body) {
        return body.split("\n", 2)[0];
    }

    private static String text(HttpResponse<byte[]> response) throws IOException {
        byte[] bytes = response.body();
        if (response.headers().firstValue("Content-Encoding").orElse("").equals("gzip")) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                bytes = in.readAllBytes();
            }
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean fits(Object expected, Object actual) {
        return switch (expected) {
            case JsonObject members ->
                    actual instanceof JsonObject found
                            && members.fieldNames().stream()
                                    .allMatch(name ->
                                            found.containsKey(name)
                                                    && fits(
                                                            members.getValue(name),
                                                            found.getValue(name)));
            case JsonArray elements ->
                    actual instanceof JsonArray found
                            && found.size() >= elements.size()
                            && Stream.iterate(0, i -> i + 1)
                                    .limit(elements.size())
                                    .allMatch(i -> fits(elements.getValue(i), found.getValue(i)));
            case String text ->
                    text.equals(ANYTHING)
                            || (actual instanceof String found && found.startsWith(text));
            case Number number ->
                    actual instanceof Number found && number.doubleValue() == found.doubleValue();
            default -> expected.equals(actual);
        };
    }
}
