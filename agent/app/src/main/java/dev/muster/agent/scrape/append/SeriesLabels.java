package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.NameValidation;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.model.labels.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// From the labels of a scraped sample to those of the stored series: the slow path, once for each
/// new series. Immutable.
final class SeriesLabels {
    private static final String EXPORTED = "exported_";

    private final Labels target;
    private final Map<String, String> external;
    private final ScrapeLimits limits;
    private final SeriesRules rules;
    private final NameValidation names;

    /// Any name in UTF-8 is taken.
    SeriesLabels(
            Labels target, Map<String, String> external, ScrapeLimits limits, SeriesRules rules) {
        this(target, external, limits, rules, NameValidation.UTF8);
    }

    /// @param names that series may have once they are relabelled
    SeriesLabels(
            Labels target,
            Map<String, String> external,
            ScrapeLimits limits,
            SeriesRules rules,
            NameValidation names) {
        this.target = target;
        this.external = Map.copyOf(external);
        this.limits = limits;
        this.rules = rules;
        this.names = names;
    }

    /// The labels to store; null if metric relabelling drops the series.
    ///
    /// @throws ScrapeRefusedException if the series has no name, or one that is not taken, or
    ///   passes a limit
    @Nullable Labels of(Labels scraped) throws ScrapeRefusedException {
        Labels withTarget = merged(scraped);
        @Nullable Labels kept = RelabelRule.apply(rules.metricRelabel(), withTarget);
        if (kept == null || kept.size() == 0) {
            return null;
        }
        if (kept.metric().isEmpty()) {
            throw new ScrapeRefusedException(
                    FaultKind.NO_NAME, "series must have a name: found=" + kept);
        }
        checkNames(kept);
        checkLimits(kept);
        return withExternal(kept);
    }

    /// The scraped labels with the target's: what metric relabelling starts from.
    Labels merged(Labels scraped) {
        return rules.honorLabels() ? honoured(scraped) : exported(scraped);
    }

    /// The metric relabel rule that drops a series for which [#of] has no labels. Where no rule
    /// drops it, but all together take its last label, that is the last rule.
    int ruleThatDrops(Labels scraped) {
        Labels current = merged(scraped);
        int last = Math.max(0, rules.metricRelabel().size() - 1);
        for (int rule = 0; rule < last; rule++) {
            @Nullable Labels next =
                    RelabelRule.apply(rules.metricRelabel().subList(rule, rule + 1), current);
            if (next == null) {
                return rule;
            }
            current = next;
        }
        return last;
    }

    /// The labels of a series that tells of the scrape itself.
    Labels ofReport(String name) {
        return ofReport(Labels.of(Labels.METRIC, name));
    }

    /// As [#ofReport(String)], with labels of its own.
    Labels ofReport(Labels own) {
        return withExternal(exported(own));
    }

    /// Labels of the target.
    Labels target() {
        return target;
    }

    /// May a series be dropped or renamed?
    boolean mayDrop() {
        return !rules.metricRelabel().isEmpty();
    }

    /// The labels of the series that tells of the target's service.
    Labels ofInfo(Labels info) {
        return withExternal(
                exported(info.toBuilder().set(Labels.METRIC, InfoSeries.METRIC).build()));
    }

    private Labels honoured(Labels scraped) {
        Labels.Builder result = target.toBuilder();
        scraped.forEach(result::set);
        return result.build();
    }

    /// The target's labels win; a scraped label of the same name is renamed until its name is free,
    /// shorter names first.
    private Labels exported(Labels scraped) {
        Labels.Builder result = scraped.toBuilder();
        Map<String, String> conflicts =
                new TreeMap<>(
                        Comparator.comparingInt(String::length)
                                .thenComparing(Comparator.naturalOrder()));
        target.forEach((name, value) -> {
            @Nullable String existing = scraped.get(name);
            if (existing != null) {
                conflicts.put(name, existing);
            }
            result.set(name, value);
        });
        conflicts.forEach((name, value) -> {
            String free = EXPORTED + name;
            while (result.get(free) != null) {
                free = EXPORTED + free;
            }
            result.set(free, value);
        });
        return result.build();
    }

    private Labels withExternal(Labels labels) {
        Labels.Builder result = labels.toBuilder();
        external.forEach((name, value) -> {
            if (result.get(name) == null) {
                result.set(name, value);
            }
        });
        return result.build();
    }

    private void checkNames(Labels labels) throws ScrapeRefusedException {
        Optional<String> refused = names.firstRefused(labels);
        if (refused.isPresent()) {
            throw new ScrapeRefusedException(
                    FaultKind.NO_NAME,
                    "names must be letters, digits and underscores where"
                            + " metric_name_validation_scheme=legacy: found="
                            + refused.get()
                            + ", series="
                            + shown(labels));
        }
    }

    private void checkLimits(Labels labels) throws ScrapeRefusedException {
        if (limits.labels() > 0 && labels.size() > limits.labels()) {
            throw over("label_limit", limits.labels(), labels.size(), labels);
        }
        for (int i = 0; i < labels.size(); i++) {
            int nameLength = labels.name(i).length();
            if (limits.labelNameLength() > 0 && nameLength > limits.labelNameLength()) {
                throw over("label_name_length_limit", limits.labelNameLength(), nameLength, labels);
            }
            int valueLength = labels.value(i).length();
            if (limits.labelValueLength() > 0 && valueLength > limits.labelValueLength()) {
                throw over(
                        "label_value_length_limit", limits.labelValueLength(), valueLength, labels);
            }
        }
    }

    private static ScrapeRefusedException over(String limit, int most, int found, Labels labels) {
        return new ScrapeRefusedException(
                FaultKind.LABEL_LIMIT,
                limit
                        + " exceeded: limit="
                        + most
                        + ", found="
                        + found
                        + ", series="
                        + shown(labels));
    }

    private static String shown(Labels labels) {
        String text = labels.toString();
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    /// Names of the series that tell of a scrape, in the order of their values.
    static final List<String> REPORTS =
            List.of(
                    "up",
                    "scrape_duration_seconds",
                    "scrape_samples_scraped",
                    "scrape_samples_post_metric_relabeling",
                    "scrape_series_added");

    /// Further ones that a job may ask for.
    static final List<String> EXTRA_REPORTS =
            List.of("scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes");
}
