package dev.muster.bench;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes the data sets: `blocks DIR END_MS SCALE` into a store, `text FILE END_MS SCALE SET
/// WINDOW` one window of one set for promtool (a window is 1 h to 24 h, by set), `import URL END_MS
/// SCALE` into a victoria-metrics, `windows END_MS SCALE` prints sets and numbers of their windows.
final class WriteBench {
    private WriteBench() {}

    public static void main(String[] arguments) throws IOException {
        boolean listing = arguments[0].equals("windows");
        long endMs = Long.parseLong(arguments[listing ? 1 : 2]);
        List<BenchSet> sets = BenchSet.all(endMs, Double.parseDouble(arguments[listing ? 2 : 3]));
        switch (arguments[0]) {
            case "blocks" -> blocks(Path.of(arguments[1]), sets);
            case "text" -> {
                BenchSet set =
                        sets.stream()
                                .filter(s -> s.name().equals(arguments[4]))
                                .findAny()
                                .orElseThrow();
                text(Path.of(arguments[1]), set, Integer.parseInt(arguments[5]));
            }
            case "import" -> {
                for (BenchSet set : sets) {
                    imported(URI.create(arguments[1] + "/api/v1/import"), set);
                }
            }
            case "windows" -> {
                for (BenchSet set : sets) {
                    for (int window = 0;
                            window < Math.ceilDiv(set.lengthMs(), textMs(set));
                            window++) {
                        System.out.println(set.name() + " " + window);
                    }
                }
            }
            default ->
                    throw new IllegalArgumentException(
                            "what to write must be known: found=" + arguments[0]);
        }
    }

    private static void blocks(Path directory, List<BenchSet> sets) throws IOException {
        BlockWriter writer = new BlockWriter(BlockWriterConfig.DEFAULT);
        Path temporary = directory.resolve("temporary");
        long count = 0;
        long bytes = 0;
        try (Bucket bucket =
                Buckets.open(
                        BucketConfig.of("file://" + directory.resolve("store").toAbsolutePath()))) {
            for (BenchSet set : sets) {
                for (int host = 0; host < set.hosts(); host++) {
                    for (long at = set.startMs(); at < set.endMs(); at += BenchSet.WINDOW_MS) {
                        TimeRange range = new TimeRange(at, at + BenchSet.WINDOW_MS);
                        List<BenchSet.Series> series =
                                set.series(host, range.startMs(), range.endMs());
                        BlockId id = new BlockId("bench", set.name() + "-" + host, range);
                        LocalBlock block =
                                writer.write(
                                        id,
                                        request -> new Window(series, request, set.stepMs()),
                                        temporary);
                        BlockUpload.ship(bucket, block);
                        count += block.sampleCount();
                        bytes += block.sizeBytes();
                        for (Path file : block.files()) {
                            Files.delete(file);
                        }
                    }
                }
            }
        }
        System.err.printf("%,d samples in blocks of %,d bytes%n", count, bytes);
    }

    /// Samples are made when they are read.
    private record Window(List<BenchSet.Series> series, SelectRequest request, long stepMs)
            implements SeriesSet {
        @Override
        public int size() {
            return series.size();
        }

        @Override
        public Labels labels(int index) {
            return series.get(index).labels();
        }

        @Override
        public SampleReader reader() {
            return this::read;
        }

        private void read(int index, SampleColumns into) {
            BenchSet.Series one = series.get(index);
            long first = first(one, request.range().startMs(), stepMs);
            long end = Math.min(one.toMs(), request.range().endMs());
            for (long time = first; time < end; time += stepMs) {
                into.append(time, one.signal().at(time));
            }
        }

        @Override
        public void close() {}
    }

    private static long first(BenchSet.Series series, long fromMs, long stepMs) {
        return fromMs <= series.fromMs()
                ? series.fromMs()
                : series.fromMs() + Math.ceilDiv(fromMs - series.fromMs(), stepMs) * stepMs;
    }

    private static long textMs(BenchSet set) {
        return set.name().equals("month") ? 24 * BenchSet.HOUR_MS : BenchSet.WINDOW_MS;
    }

    private static void text(Path file, BenchSet set, int window) throws IOException {
        long from = set.startMs() + window * textMs(set);
        long to = Math.min(set.endMs(), from + textMs(set));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            StringBuilder line = new StringBuilder();
            for (int host = 0; host < set.hosts(); host++) {
                for (BenchSet.Series series : set.series(host, from, to)) {
                    StringBuilder name = OpenMetrics.series(series.labels());
                    long end = Math.min(series.toMs(), to);
                    for (long time = first(series, from, set.stepMs());
                            time < end;
                            time += set.stepMs()) {
                        line.setLength(0);
                        line.append(name);
                        OpenMetrics.sample(line, series.signal().at(time), time);
                        out.write(
                                line.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            }
            out.write("# EOF\n".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static void imported(URI url, BenchSet set) throws IOException {
        for (int host = 0; host < set.hosts(); host++) {
            // a month is sent in parts, as a line must not be too long
            long span = 24 * BenchSet.HOUR_MS;
            for (long from = set.startMs(); from < set.endMs(); from += span) {
                send(url, set, host, from, Math.min(set.endMs(), from + span));
            }
        }
    }

    private static void send(URI url, BenchSet set, int host, long from, long to)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setChunkedStreamingMode(1 << 16);
        try (OutputStream out = new BufferedOutputStream(connection.getOutputStream(), 1 << 16)) {
            StringBuilder line = new StringBuilder();
            for (BenchSet.Series series : set.series(host, from, to)) {
                line(
                        line,
                        series,
                        first(series, from, set.stepMs()),
                        Math.min(series.toMs(), to),
                        set.stepMs());
                out.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        if (connection.getResponseCode() / 100 != 2) {
            throw new IOException(
                    "import must be accepted: status=" + connection.getResponseCode());
        }
        connection.getInputStream().readAllBytes();
    }

    private static void line(
            StringBuilder line, BenchSet.Series series, long first, long end, long stepMs) {
        line.setLength(0);
        line.append("{\"metric\":{");
        series.labels()
                .forEach((name, value) ->
                        line.append('"').append(name).append("\":\"").append(value).append("\","));
        line.setCharAt(line.length() - 1, '}');
        line.append(",\"values\":[");
        for (long time = first; time < end; time += stepMs) {
            OpenMetrics.number(line, series.signal().at(time));
            line.append(',');
        }
        close(line);
        line.append(",\"timestamps\":[");
        for (long time = first; time < end; time += stepMs) {
            line.append(time).append(',');
        }
        close(line);
        line.append("}\n");
    }

    private static void close(StringBuilder line) {
        if (line.charAt(line.length() - 1) == ',') {
            line.setCharAt(line.length() - 1, ']');
        } else {
            line.append(']');
        }
    }
}
