package dev.muster.query.rules.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// Meters of rules. Those of groups have Prometheus' names with `muster_` in place of
/// `prometheus_`, and its label `rule_group`.
public final class LiveMetrics {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final MeterRegistry registry;
    private final Counter reloads;
    private final Counter reloadFailures;
    private final Timer evaluations;
    private final Timer waits;
    private final Counter lateHosts;

    public LiveMetrics(MeterRegistry registry) {
        this.registry = registry;
        reloads = counter("muster_rules_reloads", "Times that rule files were read.");
        reloadFailures =
                counter("muster_rules_reload_failures", "Times that a rule file was wrong.");
        lateHosts =
                counter(
                        "muster_rule_late_hosts",
                        "Hosts whose data had not come when a group was evaluated.");
        evaluations =
                Timer.builder("muster_rule_group_duration")
                        .description("Time that groups take.")
                        .register(registry);
        waits =
                Timer.builder("muster_rule_group_wait")
                        .description("Time from when a group is due until its data is there.")
                        .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void rules(LiveRules rules) {
        gauge(
                "muster_rules_reload_successful",
                "Whether all rule files were right when last read.",
                rules,
                all -> all.book().errors().isEmpty() ? 1 : 0);
        gauge(
                "muster_rules_file_errors",
                "Errors in rule files when last read; the rules before hold.",
                rules,
                all -> all.book().errors().size());
        gauge("muster_rule_groups", "Groups of all files.", rules, LiveRules::groupCount);
        gauge(
                "muster_rule_groups_local",
                "Groups that this node evaluates.",
                rules,
                LiveRules::localCount);
    }

    private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(description).register(registry);
    }

    void reloaded(boolean well) {
        reloads.increment();
        if (!well) {
            reloadFailures.increment();
        }
    }

    void waited(long nanos, FleetMark.Arrival arrival) {
        waits.record(nanos, TimeUnit.NANOSECONDS);
        lateHosts.increment(arrival.hosts() - arrival.arrived());
    }

    void evaluated(long nanos) {
        evaluations.record(nanos, TimeUnit.NANOSECONDS);
    }

    /// Meters of one group.
    ///
    /// @return takes them away again
    Runnable group(LiveGroup group) {
        Tags tags = Tags.of("rule_group", group.key());
        List<Meter> meters = new ArrayList<>();
        meters.add(
                gauge(
                        "interval_seconds",
                        "Interval.",
                        tags,
                        group,
                        g -> g.times().intervalMs() / MILLIS));
        meters.add(
                gauge(
                        "last_evaluation_timestamp_seconds",
                        "Last evaluation.",
                        tags,
                        group,
                        g -> g.run().lastMs() / MILLIS));
        meters.add(
                gauge(
                        "last_duration_seconds",
                        "Time of the last evaluation.",
                        tags,
                        group,
                        g -> g.run().lastNanos() / NANOS));
        meters.add(
                gauge(
                        "last_rule_duration_sum_seconds",
                        "Times of its rules.",
                        tags,
                        group,
                        g ->
                                g.run().rules().stream().mapToLong(rule -> rule.lastNanos()).sum()
                                        / NANOS));
        meters.add(
                gauge(
                        "last_evaluation_samples",
                        "Samples of the last one.",
                        tags,
                        group,
                        g -> g.run().rules().stream().mapToInt(rule -> rule.samples()).sum()));
        meters.add(
                gauge(
                        "last_restore_duration_seconds",
                        "Time of restoring.",
                        tags,
                        group,
                        g -> g.counts().restoreNanos() / NANOS));
        meters.add(gauge("rules", "Rules.", tags, group, g -> g.run().group().rules().size()));
        meters.add(
                gauge(
                        "completeness",
                        "Share of hosts of the last one.",
                        tags,
                        group,
                        g -> g.counts().share()));
        meters.add(count("group_iterations", tags, group, g -> g.counts().iterations()));
        meters.add(count("group_iterations_missed", tags, group, g -> g.counts().missed()));
        meters.add(count("evaluations", tags, group, g -> g.counts().evaluations()));
        meters.add(count("evaluation_failures", tags, group, g -> g.counts().failures()));
        return () -> meters.forEach(registry::remove);
    }

    private Meter gauge(
            String name,
            String description,
            Tags tags,
            LiveGroup group,
            ToDoubleFunction<LiveGroup> value) {
        return Gauge.builder("muster_rule_group_" + name, group, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private Meter count(
            String name, Tags tags, LiveGroup group, ToDoubleFunction<LiveGroup> value) {
        return FunctionCounter.builder("muster_rule_" + name, group, value)
                .tags(tags)
                .register(registry);
    }
}
