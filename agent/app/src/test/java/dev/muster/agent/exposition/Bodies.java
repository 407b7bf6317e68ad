package dev.muster.agent.exposition;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Bodies to parse, and what comes of it.
final class Bodies {
    record Parsed(Labels labels, double value, long timestampMs) {
        Parsed(String labels, double value) {
            this(Labels.of(Labels.METRIC, labels), value, -1);
        }
    }

    /// All that a parser says of a sample.
    record Whole(
            Labels labels,
            double value,
            @Nullable NativeHistogram histogram,
            long timestampMs,
            long startMs,
            List<Exemplar> exemplars,
            MetricMetadata metadata) {}

    private Bodies() {}

    /// All samples; a timestamp of -1 where there is none.
    static List<Parsed> parse(ExpositionFormat format, byte[] body) throws ExpositionException {
        return parse(new ExpositionParser(ExpositionLimits.DEFAULT), format, body);
    }

    static List<Parsed> parse(ExpositionFormat format, String body) throws ExpositionException {
        return parse(format, body.getBytes(StandardCharsets.UTF_8));
    }

    static List<Parsed> parse(ExpositionParser parser, ExpositionFormat format, byte[] body)
            throws ExpositionException {
        List<Parsed> samples = new ArrayList<>();
        for (Whole sample : wholes(parser, format, body)) {
            samples.add(new Parsed(sample.labels(), sample.value(), sample.timestampMs()));
        }
        return samples;
    }

    static List<Whole> wholes(ScrapeParser parser, ExpositionFormat format, byte[] body)
            throws ExpositionException {
        List<Whole> samples = new ArrayList<>();
        parser.reset(format, body, body.length);
        while (parser.next()) {
            List<Exemplar> exemplars = new ArrayList<>();
            for (int i = 0; i < parser.exemplarCount(); i++) {
                exemplars.add(parser.exemplar(i, -1));
            }
            samples.add(
                    new Whole(
                            parser.labels(),
                            parser.value(),
                            parser.histogram(),
                            parser.hasTimestamp() ? parser.timestampMs() : -1,
                            parser.startMs(),
                            exemplars,
                            parser.metadata()));
        }
        return samples;
    }

    /// Files of others, which may be absent.
    static Path shared(String name) {
        return Path.of(System.getProperty("muster.shared", "../shared")).resolve(name);
    }

    /// Our own small bodies of a format.
    static List<byte[]> corpus(ExpositionFormat format) {
        Path directory = corpusDirectory(format);
        try (Stream<Path> files = Files.list(directory)) {
            List<byte[]> bodies = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                bodies.add(Files.readAllBytes(file));
            }
            return bodies;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path corpusDirectory(ExpositionFormat format) {
        String name =
                switch (format) {
                    case PROMETHEUS_TEXT -> "prometheus";
                    case OPENMETRICS_TEXT -> "openmetrics";
                    case PROMETHEUS_PROTOBUF -> "protobuf";
                };
        return Path.of(System.getProperty("muster.root", "."))
                .resolve("agent/app/src/test/resources/dev/muster/agent/exposition")
                .resolve(name);
    }
}
