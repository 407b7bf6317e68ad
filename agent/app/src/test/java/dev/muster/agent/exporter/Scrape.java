package dev.muster.agent.exporter;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionParser;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import java.util.TreeMap;

/// What an exporter exposes, read back with our own parser.
///
/// @param values value of each series
/// @param types type of each metric name
record Scrape(TreeMap<Labels, Double> values, TreeMap<String, MetricType> types) {
    static Scrape of(HostExporterConfig config) {
        try (HostExporter exporter = new HostExporter(config)) {
            return of(exporter);
        }
    }

    static Scrape of(HostExporter exporter) {
        ExpositionWriter writer = new ExpositionWriter();
        exporter.collect(writer);
        return of(writer.bytes(), writer.size());
    }

    static Scrape of(byte[] body, int length) {
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        parser.reset(ExpositionFormat.PROMETHEUS_TEXT, body, length);
        Scrape scrape = new Scrape(new TreeMap<>(), new TreeMap<>());
        try {
            while (parser.next()) {
                Labels labels = parser.labels();
                if (scrape.values.put(labels, parser.value()) != null) {
                    throw new AssertionError("series exposed twice: " + labels);
                }
                scrape.types.put(labels.metric(), parser.metadata().type());
            }
        } catch (ExpositionException e) {
            throw new AssertionError(e);
        }
        return scrape;
    }

    /// The value of a series; NaN where there is none.
    double value(String... labels) {
        return values.getOrDefault(Labels.of(labels), Double.NaN);
    }
}
