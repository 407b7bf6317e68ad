package dev.muster.bench;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;

/// A store of many hosts, and queries over all of them.
///
/// `store DIR END_MS HOSTS SERIES WINDOWS` writes blocks of 2 h at 15 s. `ask URL END_MS WINDOWS
/// RUNS FILE` sends the queries and prints the median milliseconds of each run of all of them;
/// answers go into FILE, with nine digits of each number.
final class ScaleOut {
    private static final long WINDOW_MS = 7_200_000;
    private static final long STEP_MS = 15_000;
    private static final List<String> QUERIES =
            List.of(
                    "sum by (job) (rate(requests_total[5m]))",
                    "topk(5, sum by (host) (rate(requests_total[5m])))",
                    "avg by (cell, job) (max_over_time(requests_total[10m]))",
                    "count(requests_total > 1000)",
                    "stddev by (job) (requests_total)",
                    "sum by (job) (rate(requests_total{code=\"500\"}[5m])) / on (job) sum by (job)"
                            + " (rate(requests_total[5m]))");

    private ScaleOut() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        long endMs = Long.parseLong(arguments[2]);
        if (arguments[0].equals("store")) {
            store(
                    Path.of(arguments[1]),
                    endMs,
                    Integer.parseInt(arguments[3]),
                    Integer.parseInt(arguments[4]),
                    Integer.parseInt(arguments[5]));
        } else {
            ask(
                    arguments[1],
                    endMs,
                    Integer.parseInt(arguments[3]),
                    Integer.parseInt(arguments[4]),
                    Path.of(arguments[5]));
        }
    }

    private static void store(Path directory, long endMs, int hosts, int series, int windows)
            throws IOException {
        Path store = Files.createDirectories(directory.resolve("store"));
        Path drafts = directory.resolve("drafts");
        BlockWriter writer = new BlockWriter(BlockWriterConfig.DEFAULT);
        try (Bucket bucket = Buckets.open(BucketConfig.of(store.toUri().toString()))) {
            for (int host = 0; host < hosts; host++) {
                for (int window = 1; window <= windows; window++) {
                    long startMs = endMs - window * WINDOW_MS;
                    BlockId id =
                            new BlockId(
                                    "c" + host % 4,
                                    "host-" + host,
                                    new TimeRange(startMs, startMs + WINDOW_MS));
                    MemorySource samples = samples(id, host, series);
                    BlockUpload.ship(bucket, writer.write(id, samples, drafts));
                }
            }
        }
    }

    private static MemorySource samples(BlockId id, int host, int series) {
        MemorySource samples = new MemorySource();
        Random random = new Random(id.range().startMs() * 31 + host);
        for (int i = 0; i < series; i++) {
            Labels labels =
                    Labels.of(
                            Labels.METRIC,
                            "requests_total",
                            "cell",
                            id.cell(),
                            "host",
                            id.host(),
                            "job",
                            "job" + i % 5,
                            "code",
                            i % 4 == 0 ? "500" : "200",
                            "path",
                            "/p" + i);
            double value = 0;
            for (long ms = id.range().startMs(); ms < id.range().endMs(); ms += STEP_MS) {
                value += random.nextInt(20);
                samples.add(labels, ms, value);
            }
        }
        return samples;
    }

    private static void ask(String url, long endMs, int windows, int runs, Path file)
            throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        StringBuilder answers = new StringBuilder();
        List<Double> times = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            long startNanos = System.nanoTime();
            for (String query : QUERIES) {
                String answer = get(client, url, query, endMs, windows);
                if (run == 0) {
                    answers.append(query).append('\n').append(normal(answer));
                }
            }
            times.add((System.nanoTime() - startNanos) / 1e6);
        }
        Files.writeString(file, answers);
        double first = times.removeFirst();
        times.sort(null);
        double median = times.isEmpty() ? first : times.get(times.size() / 2);
        System.out.printf(Locale.ROOT, "%.0f %.0f%n", first, median);
    }

    private static String get(HttpClient client, String url, String query, long endMs, int windows)
            throws IOException, InterruptedException {
        String form =
                "query="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8)
                        + "&start="
                        + (endMs - windows * WINDOW_MS) / 1_000
                        + "&end="
                        + (endMs - 1) / 1_000
                        + "&step=60&nocache=1";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/api/v1/query_range?" + form)).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200 || response.body().contains("\"warnings\"")) {
            throw new IOException(
                    "query must be answered whole: query=" + query + ", found=" + response.body());
        }
        return response.body();
    }

    private static String normal(String body) {
        TreeMap<String, String> lines = new TreeMap<>();
        for (PromAnswer.Line line : PromAnswer.of(body).series()) {
            StringBuilder values = new StringBuilder();
            for (int i = 0; i < line.values().size(); i++) {
                values.append(line.times().get(i))
                        .append('=')
                        .append(
                                String.format(
                                        Locale.ROOT,
                                        "%.8e",
                                        Double.parseDouble(line.values().get(i))))
                        .append(' ');
            }
            lines.put(line.labels(), values.toString());
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(
                (labels, values) -> text.append(labels).append(' ').append(values).append('\n'));
        return text.toString();
    }
}
