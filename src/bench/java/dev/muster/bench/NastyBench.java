package dev.muster.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks a query node one nasty query after another: `URL PID END_MS [NAME_CONTAINS]`. After each
/// the node must answer `1+1` and an ordinary query within a second, and be the same process.
/// Prints a table; ends with 1 if the node did not hold.
final class NastyBench {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration STAY = Duration.ofSeconds(1);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String url;
    private final Path process;
    private final long endSeconds;
    private int failures;

    private NastyBench(String url, String pid, long endMs) {
        this.url = url + "/api/v1/";
        process = Path.of("/proc", pid, "status");
        endSeconds = endMs / 1_000;
    }

    public static void main(String[] arguments) throws Exception {
        NastyBench bench = new NastyBench(arguments[0], arguments[1], Long.parseLong(arguments[2]));
        System.out.println(
                "| query | outcome | seconds | peak RSS MB | then 1+1 ms | then a sum ms |");
        System.out.println("|---|---|---|---|---|---|");
        bench.ordinary("1+1");
        for (NastyQueries.Query query : NastyQueries.all(bench.endSeconds)) {
            if (arguments.length < 4 || query.name().contains(arguments[3])) {
                bench.ask(query);
            }
        }
        System.out.println();
        System.out.println(
                bench.failures == 0
                        ? "the node held"
                        : "the node did not hold: failures=" + bench.failures);
        System.exit(bench.failures == 0 ? 0 : 1);
    }

    private void ask(NastyQueries.Query query) throws Exception {
        long startNanos = System.nanoTime();
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < query.copies(); i++) {
            running.add(
                    CompletableFuture.runAsync(
                            () -> outcomes.merge(outcome(query), 1, Integer::sum), threads));
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(running.toArray(new CompletableFuture<?>[0]));
        long peakKb = rssKb();
        while (!all.isDone()) {
            try {
                all.get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                peakKb = Math.max(peakKb, rssKb());
            }
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        long plainMs = ordinary("1+1");
        long sumMs = ordinary("sum(rate(nasty_42_total{host=\"host-1\"}[10m]))");
        boolean held =
                plainMs >= 0 && sumMs >= 0 && plainMs < 1_000 && sumMs < 1_000 && rssKb() > 0;
        failures += held ? 0 : 1;
        System.out.printf(
                "| %s | %s | %.1f | %d | %d | %d |%s%n",
                query.name(),
                text(outcomes),
                seconds,
                peakKb / 1_024,
                plainMs,
                sumMs,
                held ? "" : " DID NOT HOLD");
    }

    private static String text(Map<String, Integer> outcomes) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(outcomes)
                .forEach((outcome, count) ->
                        text.append(text.isEmpty() ? "" : "; ")
                                .append(count > 1 ? count + " x " : "")
                                .append(outcome));
        return text.toString().replace("|", "\\|");
    }

    private String outcome(NastyQueries.Query query) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + query.path()));
            if (!query.form().isEmpty()) {
                request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(query.form()));
            }
            CompletableFuture<HttpResponse<InputStream>> answer =
                    http.sendAsync(
                            request.timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            if (query.leaves()) {
                try {
                    answer.get(STAY.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    answer.cancel(true);
                    return "left";
                }
            }
            HttpResponse<InputStream> response = answer.get();
            try (InputStream body = response.body()) {
                String start = new String(body.readNBytes(2_000), StandardCharsets.UTF_8);
                long size =
                        start.length() + body.transferTo(java.io.OutputStream.nullOutputStream());
                return response.statusCode() == 200
                        ? "answered, " + (size < 10_000 ? "small" : size / 1_000_000 + " MB")
                        : response.statusCode() + " " + reason(start);
            }
        } catch (Exception e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String message = String.valueOf(cause.getMessage());
            return "no answer: " + message.substring(0, Math.min(80, message.length()));
        }
    }

    private static String reason(String body) {
        int at = body.indexOf("\"error\":\"");
        String text = at < 0 ? body : body.substring(at + 9);
        text = text.replaceAll("[\\r\\n]", " ");
        return text.length() > 110
                ? text.substring(0, 50) + "…" + text.substring(text.length() - 50)
                : text;
    }

    /// @return milliseconds; negative if there was no answer
    private long ordinary(String query) {
        long startNanos = System.nanoTime();
        try {
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    url
                                                            + "query?time="
                                                            + endSeconds
                                                            + "&query="
                                                            + java.net.URLEncoder.encode(
                                                                    query, StandardCharsets.UTF_8)))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? (System.nanoTime() - startNanos) / 1_000_000 : -1;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long rssKb() {
        try {
            for (String line : Files.readAllLines(process)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            return -1; // The node is gone.
        }
        return -1;
    }
}
