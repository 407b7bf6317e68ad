package dev.muster.agent.push;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionOptions;
import dev.muster.agent.exposition.ExpositionParser;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.exposition.OpenMetricsChecks;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads held groups back: as text that a Prometheus can scrape, and metric by metric.
public final class GroupReader {
    private static final String INSTANCE = "instance";

    private final ExpositionParser parser =
            new ExpositionParser(
                    new ExpositionOptions(
                            ExpositionLimits.DEFAULT, OpenMetricsChecks.GRAMMAR, false, true));

    /// Takes samples.
    public interface Samples {
        /// @param metric number of the metric within its family: a histogram has several samples
        /// @param labels the name among them
        void sample(int metric, Labels labels, double value);
    }

    /// Reads the samples of a family of a group.
    public void read(PushGroup group, HeldFamily family, Samples into) {
        byte[] bytes = group.bytes(family);
        parser.reset(ExpositionFormat.PROMETHEUS_PROTOBUF, bytes, bytes.length);
        int metric = -1;
        int at = -1;
        try {
            while (parser.next()) {
                if (parser.offsetBytes() != at) {
                    at = parser.offsetBytes();
                    metric++;
                }
                into.sample(metric, parser.labels(), parser.value());
            }
        } catch (ExpositionException e) {
            throw new IllegalStateException("a held family must be readable: " + family, e);
        }
    }

    /// Writes all groups as one exposition. A sample without an instance has an empty one, so that
    /// a scrape with `honor_labels` leaves it so.
    public void write(Collection<PushGroup> groups, ExpositionWriter out) {
        Map<String, List<PushGroup>> byFamily = new TreeMap<>();
        for (PushGroup group : groups) {
            for (String name : group.families().keySet()) {
                byFamily.computeIfAbsent(name, _ -> new ArrayList<>()).add(group);
            }
        }
        byFamily.forEach((name, holders) -> {
            HeldFamily newest = newest(name, holders);
            out.family(name, newest.type(), newest.help());
            for (PushGroup group : holders) {
                read(group, held(group, name), (_, labels, value) -> write(labels, value, out));
            }
        });
    }

    /// Its help text counts where those of groups differ.
    private static HeldFamily newest(String name, List<PushGroup> holders) {
        HeldFamily newest = held(holders.getFirst(), name);
        for (PushGroup group : holders) {
            HeldFamily family = held(group, name);
            newest = family.pushedMs() > newest.pushedMs() ? family : newest;
        }
        return newest;
    }

    private static HeldFamily held(PushGroup group, String name) {
        HeldFamily family = group.families().get(name);
        if (family == null) {
            throw new IllegalStateException("group must have the family: name=" + name);
        }
        return family;
    }

    private static void write(Labels labels, double value, ExpositionWriter out) {
        out.begin(labels.metric());
        withInstance(labels).forEach(out::label);
        out.end(value);
    }

    /// The labels but the name, with an instance that may be empty.
    static Map<String, String> withInstance(Labels labels) {
        Map<String, String> all = new LinkedHashMap<>();
        boolean missing = labels.get(INSTANCE) == null;
        for (int i = 0; i < labels.size(); i++) {
            if (missing && labels.name(i).compareTo(INSTANCE) > 0) {
                all.put(INSTANCE, "");
                missing = false;
            }
            if (!labels.name(i).equals(Labels.METRIC)) {
                all.put(labels.name(i), labels.value(i));
            }
        }
        if (missing) {
            all.put(INSTANCE, "");
        }
        return all;
    }
}
