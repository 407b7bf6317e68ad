package dev.muster.query.api;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What expositions said of metric families lately: `metadata`.
final class MetadataCalls {
    /// Families of series with samples in this time are known.
    private static final long LATELY_MS = 10 * 60_000;

    /// One that is asked for by name and is not known lately is looked for in this time.
    private static final long LONG_AGO_MS = 24 * 3_600_000;

    private static final List<String> HISTOGRAM_PARTS = List.of("_bucket", "_count", "_sum");
    private static final List<String> SUMMARY_PARTS = List.of("_count", "_sum");

    private final QuerySource source;
    private final InstantSource clock;

    MetadataCalls(QuerySource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    Answer metadata(Call call) throws ApiException, IOException {
        Parameters parameters = call.parameters();
        int limit = number(parameters, "limit");
        int perMetric = number(parameters, "limit_per_metric");
        String metric = parameters.text("metric");
        Families families = new Families(metric);
        families.find(call, LATELY_MS);
        if (families.found.isEmpty() && !metric.isEmpty()) {
            // No agent has it now: blocks remember.
            families.find(call, LONG_AGO_MS);
        }
        return Answer.of(
                json -> write(families.found, limit, perMetric, json),
                List.copyOf(families.warnings));
    }

    /// What is known of metric families. Confined to one thread.
    private final class Families {
        private final String metric;
        private final SortedMap<String, Set<MetricMetadata>> found = new TreeMap<>();
        private final Set<String> warnings = new LinkedHashSet<>();

        /// @param metric the one that is wanted; empty for all
        Families(String metric) {
            this.metric = metric;
        }

        /// Looks at the series of that time until now.
        void find(Call call, long agoMs) throws IOException {
            long nowMs = clock.millis();
            SelectRequest request =
                    new SelectRequest(
                            TimeRange.closed(nowMs - agoMs, nowMs + LATELY_MS),
                            List.of(matcher(metric)),
                            false,
                            call.budget());
            try (SeriesSet set = source.select(request)) {
                warnings.addAll(set.warnings());
                for (int i = 0; i < set.size(); i++) {
                    MetricMetadata metadata = set.metadata(i);
                    String family = family(set.labels(i).metric(), metadata);
                    boolean wanted = metric.isEmpty() || metric.equals(family);
                    if (wanted && !metadata.equals(MetricMetadata.NONE)) {
                        found.computeIfAbsent(family, name -> new LinkedHashSet<>()).add(metadata);
                    }
                }
            }
        }
    }

    private static LabelMatcher matcher(String metric) {
        if (metric.isEmpty()) {
            return LabelMatcher.notEqual(Labels.METRIC, "");
        }
        String quoted = metric.replaceAll("([\\\\.+*?()|\\[\\]{}^$])", "\\\\$1");
        return LabelMatcher.regex(Labels.METRIC, quoted + "(_bucket|_count|_sum)?");
    }

    private static void write(
            SortedMap<String, Set<MetricMetadata>> families,
            int limit,
            int perMetric,
            JsonWriter json)
            throws IOException {
        json.beginObject();
        int left = limit < 0 ? Integer.MAX_VALUE : limit;
        for (Map.Entry<String, Set<MetricMetadata>> family : families.entrySet()) {
            if (left-- <= 0) {
                break;
            }
            json.name(family.getKey()).beginArray();
            int leftOfMetric = perMetric <= 0 ? Integer.MAX_VALUE : perMetric;
            for (MetricMetadata metadata : family.getValue()) {
                if (leftOfMetric-- <= 0) {
                    break;
                }
                json.beginObject().name("type").value(metadata.type().text());
                json.name("unit").value(metadata.unit());
                json.name("help").value(metadata.help()).endObject();
            }
            json.endArray();
        }
        json.endObject();
    }

    /// The family of a series: its name without the ending of the part.
    private static String family(String name, MetricMetadata metadata) {
        List<String> parts =
                switch (metadata.type()) {
                    case HISTOGRAM, GAUGE_HISTOGRAM -> HISTOGRAM_PARTS;
                    case SUMMARY -> SUMMARY_PARTS;
                    case UNKNOWN, COUNTER, GAUGE, INFO, STATE_SET -> List.of();
                };
        for (String part : parts) {
            if (name.endsWith(part)) {
                return name.substring(0, name.length() - part.length());
            }
        }
        return name;
    }

    private static int number(Parameters parameters, String name) throws ApiException {
        if (!parameters.has(name)) {
            return -1;
        }
        try {
            return Integer.parseInt(parameters.text(name));
        } catch (NumberFormatException e) {
            throw ApiException.badData(name + " must be a number");
        }
    }
}
