package dev.muster.query.api;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelPattern;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The node's own metrics as JSON: `status/self_metrics`. The form is the JSON of Prometheus'
/// protocol buffers (`io.prometheus.client.MetricFamily`), in which 64 bit integers are texts.
final class SelfMetricsCalls {
    /// What becomes of one set of labels: the samples of a counter are one, those of a histogram
    /// many.
    private record Series(List<String> names, List<String> values) {}

    private final MeterRegistry registry;

    /// @param registry holds the meters, in a registry of Prometheus or several with one among them
    SelfMetricsCalls(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Families by name; `metric_name_pattern` is an expression on the whole name.
    Answer selfMetrics(Call call) throws ApiException {
        LabelPattern wanted = pattern(call.parameters());
        List<MetricFamilySamples> families = new ArrayList<>();
        for (MetricFamilySamples family : all()) {
            if (!family.samples.isEmpty() && wanted.matches(name(family))) {
                families.add(family);
            }
        }
        families.sort(Comparator.comparing(SelfMetricsCalls::name));
        return Answer.of(json -> {
            json.beginArray();
            for (MetricFamilySamples family : families) {
                write(family, json);
            }
            json.endArray();
        });
    }

    @SuppressWarnings("deprecation") // the registry that Quarkus brings
    private List<MetricFamilySamples> all() {
        Set<MeterRegistry> registries =
                registry instanceof CompositeMeterRegistry several
                        ? several.getRegistries()
                        : Set.of(registry);
        for (MeterRegistry one : registries) {
            if (one instanceof PrometheusMeterRegistry meters) {
                return Collections.list(meters.getPrometheusRegistry().metricFamilySamples());
            }
        }
        return List.of();
    }

    private static LabelPattern pattern(Parameters parameters) throws ApiException {
        String name = "metric_name_pattern";
        try {
            return LabelPattern.of(parameters.has(name) ? parameters.text(name) : ".*");
        } catch (InvalidPatternException e) {
            throw ApiException.invalid(name, String.valueOf(e.getMessage()));
        }
    }

    /// The registry cuts `_total` off the names of counters, Prometheus does not.
    private static String name(MetricFamilySamples family) {
        return family.type == Collector.Type.COUNTER ? family.samples.getFirst().name : family.name;
    }

    private static void write(MetricFamilySamples family, JsonWriter json) throws IOException {
        json.beginObject().name("name").value(name(family)).name("help").value(family.help);
        json.name("type").value(type(family.type)).name("metric").beginArray();
        Map<Series, List<Sample>> metrics = new LinkedHashMap<>();
        for (Sample sample : family.samples) {
            if (!sample.name.endsWith("_created")) {
                metrics.computeIfAbsent(seriesOf(sample), key -> new ArrayList<>()).add(sample);
            }
        }
        for (Map.Entry<Series, List<Sample>> metric : metrics.entrySet()) {
            write(family, metric.getKey(), metric.getValue(), json);
        }
        json.endArray().endObject();
    }

    private static String type(Collector.Type type) {
        return switch (type) {
            case COUNTER -> "COUNTER";
            case HISTOGRAM -> "HISTOGRAM";
            case SUMMARY -> "SUMMARY";
            case GAUGE, INFO, STATE_SET -> "GAUGE";
            case GAUGE_HISTOGRAM -> "GAUGE_HISTOGRAM";
            case UNKNOWN -> "UNTYPED";
        };
    }

    private static Series seriesOf(Sample sample) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < sample.labelNames.size(); i++) {
            String name = sample.labelNames.get(i);
            if (!name.equals("le") && !name.equals("quantile")) {
                names.add(name);
                values.add(sample.labelValues.get(i));
            }
        }
        return new Series(names, values);
    }

    private static void write(
            MetricFamilySamples family, Series series, List<Sample> samples, JsonWriter json)
            throws IOException {
        json.beginObject();
        if (!series.names.isEmpty()) {
            json.name("label").beginArray();
            for (int i = 0; i < series.names.size(); i++) {
                json.beginObject().name("name").value(series.names.get(i));
                json.name("value").value(series.values.get(i)).endObject();
            }
            json.endArray();
        }
        switch (family.type) {
            case COUNTER -> single("counter", samples, json);
            case GAUGE, INFO, STATE_SET -> single("gauge", samples, json);
            case UNKNOWN -> single("untyped", samples, json);
            case SUMMARY -> distribution("summary", samples, json);
            case HISTOGRAM, GAUGE_HISTOGRAM -> distribution("histogram", samples, json);
        }
        json.endObject();
    }

    private static void single(String kind, List<Sample> samples, JsonWriter json)
            throws IOException {
        json.name(kind).beginObject().name("value");
        number(samples.getFirst().value, json);
        json.endObject();
    }

    private static void distribution(String kind, List<Sample> samples, JsonWriter json)
            throws IOException {
        json.name(kind).beginObject();
        List<Sample> parts = new ArrayList<>();
        for (Sample sample : samples) {
            if (sample.name.endsWith("_count")) {
                json.name("sampleCount").value(Long.toString((long) sample.value));
            } else if (sample.name.endsWith("_sum")) {
                json.name("sampleSum");
                number(sample.value, json);
            } else {
                parts.add(sample);
            }
        }
        if (!parts.isEmpty()) {
            boolean histogram = kind.equals("histogram");
            json.name(histogram ? "bucket" : "quantile").beginArray();
            for (Sample part : parts) {
                part(part, histogram, json);
            }
            json.endArray();
        }
        json.endObject();
    }

    private static void part(Sample part, boolean histogram, JsonWriter json) throws IOException {
        int at = part.labelNames.indexOf(histogram ? "le" : "quantile");
        String bound = at < 0 ? "NaN" : part.labelValues.get(at);
        double limit = bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
        json.beginObject();
        if (histogram) {
            json.name("cumulativeCount").value(Long.toString((long) part.value));
            json.name("upperBound");
            number(limit, json);
        } else {
            json.name("quantile");
            number(limit, json);
            json.name("value");
            number(part.value, json);
        }
        json.endObject();
    }

    private static void number(double value, JsonWriter json) throws IOException {
        if (Double.isNaN(value)) {
            json.value("NaN");
        } else if (Double.isInfinite(value)) {
            json.value(value > 0 ? "Infinity" : "-Infinity");
        } else {
            json.number(value);
        }
    }
}
