package dev.muster.query.rules;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import dev.muster.promql.QueryException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A group of rules with what they remember from one evaluation to the next. Evaluated by one
/// thread, looked at by any.
public final class GroupRun {
    private final RuleGroup group;
    private final RuleQuery query;
    private final RuleStore store;
    private final long offsetMs;
    private final List<Slot> slots = new ArrayList<>();
    private volatile long lastMs;
    private volatile long lastNanos;

    /// A rule and its last evaluation.
    private static final class Slot {
        private final RuleRun run;
        private Set<Labels> before = Set.of();
        private volatile Optional<String> failure = Optional.empty();
        private volatile boolean evaluated;
        private volatile long lastMs;
        private volatile long lastNanos;

        private Slot(RuleRun run) {
            this.run = run;
        }
    }

    /// A rule as it was after its last evaluation.
    ///
    /// @param alerts that are pending or firing; none of a recording rule
    /// @param failure why it could not be evaluated; empty if it could
    /// @param evaluated whether it ever was
    /// @param lastMs when it was last evaluated
    /// @param lastNanos how long that took
    public record Status(
            Rule rule,
            List<Alert> alerts,
            Optional<String> failure,
            boolean evaluated,
            long lastMs,
            long lastNanos) {
        public Status {
            alerts = List.copyOf(alerts);
        }

        /// The state of an alerting rule: of the alert that has come furthest.
        public AlertState state() {
            return alerts.stream()
                    .map(Alert::state)
                    .max(AlertState::compareTo)
                    .orElse(AlertState.INACTIVE);
        }
    }

    /// @param offset of queries where the group has none
    public GroupRun(
            RuleGroup group,
            RuleSettings settings,
            RuleQuery query,
            RuleStore store,
            Duration offset) {
        this.group = group;
        this.query = query;
        this.store = store;
        offsetMs = group.queryOffset().orElse(offset).toMillis();
        for (Rule rule : group.rules()) {
            slots.add(
                    new Slot(
                            switch (rule) {
                                case Rule.Recording recording -> new RecordingRun(recording);
                                case Rule.Alerting alerting -> new AlertingRun(alerting, settings);
                            }));
        }
    }

    public RuleGroup group() {
        return group;
    }

    /// Evaluates all rules in their order.
    ///
    /// @param timeMs not before that of the evaluation before
    public void evaluate(long timeMs) {
        long start = System.nanoTime();
        for (Slot slot : slots) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            evaluate(slot, timeMs);
        }
        lastNanos = System.nanoTime() - start;
        lastMs = timeMs;
    }

    private void evaluate(Slot slot, long timeMs) {
        long start = System.nanoTime();
        long queryMs = timeMs - offsetMs;
        Optional<String> failure = Optional.empty();
        try {
            List<RuleSample> samples = slot.run.evaluate(query, timeMs, queryMs, group.limit());
            failure = store(slot, samples, queryMs);
        } catch (QueryException | IOException | RuleFailure e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
        slot.failure = failure;
        slot.lastNanos = System.nanoTime() - start;
        slot.lastMs = timeMs;
        slot.evaluated = true;
    }

    private Optional<String> store(Slot slot, List<RuleSample> samples, long queryMs) {
        Optional<String> failure = Optional.empty();
        Set<Labels> now = new HashSet<>();
        for (RuleSample sample : samples) {
            Optional<String> refused = store.append(sample, queryMs);
            if (refused.isPresent()) {
                failure = refused;
            } else {
                now.add(sample.labels());
            }
        }
        for (Labels gone : slot.before) {
            if (!now.contains(gone)) {
                // a series that another rule has written at this time is not stale
                store.append(new RuleSample(gone, Staleness.STALE, null), queryMs);
            }
        }
        slot.before = now;
        return failure;
    }

    /// Ends the series of all rules: the group is gone.
    public void end(long timeMs) {
        for (Slot slot : slots) {
            store(slot, List.of(), timeMs - offsetMs);
        }
    }

    /// The rules as they are now.
    public List<Status> rules() {
        return slots.stream()
                .map(slot ->
                        new Status(
                                slot.run.rule(),
                                slot.run instanceof AlertingRun alerting
                                        ? alerting.alerts()
                                        : List.of(),
                                slot.failure,
                                slot.evaluated,
                                slot.lastMs,
                                slot.lastNanos))
                .toList();
    }

    /// When it was last evaluated; 0 for never.
    public long lastMs() {
        return lastMs;
    }

    /// How long the last evaluation took.
    public long lastNanos() {
        return lastNanos;
    }
}
