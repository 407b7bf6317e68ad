package dev.muster.query.rules;

import dev.muster.model.labels.Labels;
import dev.muster.promql.QueryException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/// A group of rules with what they remember from one evaluation to the next. Evaluated by one
/// thread, looked at by any.
public final class GroupRun {
    private final RuleGroup group;
    private final RuleQuery query;
    private final RuleStore store;
    private final long offsetMs;
    private final List<Slot> slots = new ArrayList<>();
    private List<Labels> ended = List.of();
    private volatile long lastMs;
    private volatile long lastNanos;

    /// A rule and its last evaluation.
    private static final class Slot {
        private final RuleRun run;
        private final boolean dependent;
        private Set<Labels> before = Set.of();
        private volatile Optional<String> failure = Optional.empty();
        private volatile boolean evaluated;
        private volatile long lastMs;
        private volatile long lastNanos;
        private volatile int samples;
        private volatile double completeness = 1;

        private Slot(RuleRun run, boolean dependent) {
            this.run = run;
            this.dependent = dependent;
        }
    }

    /// A rule as it was after its last evaluation.
    ///
    /// @param alerts that are pending or firing; none of a recording rule
    /// @param failure why it could not be evaluated; empty if it could
    /// @param evaluated whether it ever was
    /// @param lastMs when it was last evaluated
    /// @param lastNanos how long that took
    /// @param samples how many it stored
    /// @param completeness share of the fleet that it stood on, 0 to 1
    public record Status(
            Rule rule,
            List<Alert> alerts,
            Optional<String> failure,
            boolean evaluated,
            long lastMs,
            long lastNanos,
            int samples,
            double completeness) {
        public Status {
            alerts = List.copyOf(alerts);
        }

        /// The state of an alerting rule: of the alert that has come furthest.
        public AlertState state() {
            return alerts.stream()
                    .map(Alert::state)
                    .max(AlertState::compareTo)
                    .orElse(evaluated ? AlertState.INACTIVE : AlertState.UNKNOWN);
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
        List<Boolean> dependent = Dependencies.of(group.rules());
        for (int i = 0; i < group.rules().size(); i++) {
            slots.add(
                    new Slot(
                            switch (group.rules().get(i)) {
                                case Rule.Recording recording -> new RecordingRun(recording);
                                case Rule.Alerting alerting -> new AlertingRun(alerting, settings);
                            },
                            dependent.get(i)));
        }
    }

    public RuleGroup group() {
        return group;
    }

    /// How far back its queries look.
    public long offsetMs() {
        return offsetMs;
    }

    /// Evaluates all rules in their order.
    ///
    /// @param timeMs not before that of the evaluation before
    public void evaluate(long timeMs) {
        long start = System.nanoTime();
        for (Slot slot : slots) {
            if (Thread.currentThread().isInterrupted()) {
                store.flush();
                return;
            }
            if (slot.dependent) {
                store.settle();
            }
            evaluate(slot, timeMs);
        }
        markEnded(timeMs - offsetMs);
        store.flush();
        lastNanos = System.nanoTime() - start;
        lastMs = timeMs;
    }

    private void evaluate(Slot slot, long timeMs) {
        long start = System.nanoTime();
        long queryMs = timeMs - offsetMs;
        Optional<String> failure = Optional.empty();
        try {
            RuleRun.Outcome outcome = slot.run.evaluate(query, timeMs, queryMs, group.limit());
            failure = store(slot, outcome.samples(), queryMs);
            slot.completeness = outcome.completeness();
        } catch (QueryException | IOException | RuleFailure e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
            slot.samples = 0;
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
                end(gone, queryMs);
            }
        }
        slot.before = now;
        slot.samples = now.size();
        return failure;
    }

    private void end(Labels series, long timeMs) {
        var _ = store.append(RuleSample.stale(series), timeMs);
    }

    /// Ends the series of rules that the group had before and has no more.
    private void markEnded(long timeMs) {
        ended.forEach(series -> end(series, timeMs));
        ended = List.of();
    }

    /// Ends the series of all rules: the group is gone.
    public void end(long timeMs) {
        for (Slot slot : slots) {
            var _ = store(slot, List.of(), timeMs - offsetMs);
        }
        markEnded(timeMs - offsetMs);
        store.flush();
    }

    /// Goes on where the same group stopped before its file was read again: rules of the same name
    /// and labels keep what they know, series of those that are gone end with the next evaluation.
    /// The other must not be evaluated any more.
    public void inherit(GroupRun other) {
        List<Slot> left = new ArrayList<>(other.slots);
        for (Slot slot : slots) {
            left.stream()
                    .filter(before -> isSame(before, slot))
                    .findFirst()
                    .ifPresent(before -> {
                        left.remove(before);
                        slot.before = before.before;
                        if (slot.run instanceof AlertingRun to
                                && before.run instanceof AlertingRun from) {
                            to.inherit(from);
                        }
                    });
        }
        List<Labels> gone = new ArrayList<>(other.ended);
        left.forEach(slot -> gone.addAll(slot.before));
        ended = gone;
    }

    private static boolean isSame(Slot before, Slot slot) {
        Rule one = before.run.rule();
        Rule other = slot.run.rule();
        return one.getClass() == other.getClass()
                && one.name().equals(other.name())
                && one.labels().equals(other.labels());
    }

    /// Nothing of alerts is stored until [#restore]: what was said of them before may still count.
    public void awaitRestore() {
        alerting().forEach(AlertingRun::awaitRestore);
    }

    /// Lets active alerts go on that were active before an outage.
    ///
    /// @param nowMs end of the outage
    /// @throws IOException if nothing can be read; the rest of the rules start anew
    public void restore(StateReader states, RestorePolicy policy, long nowMs) throws IOException {
        long fromMs = nowMs - policy.outageTolerance().toMillis();
        try {
            for (AlertingRun run : alerting()) {
                if (run.rule().hold().compareTo(policy.grace()) >= 0) {
                    run.restore(
                            states.read(run.stateMatchers(), fromMs, nowMs), nowMs, policy.grace());
                }
            }
        } finally {
            alerting().forEach(AlertingRun::restored);
        }
    }

    /// Goes on with the alerts of a node that has evaluated the group until now.
    ///
    /// @param nowMs before the first evaluation
    /// @return whether there were any
    /// @throws IOException if nothing can be read
    public boolean adopt(StateReader states, RestorePolicy policy, long nowMs) throws IOException {
        long fromMs = nowMs - policy.seamless().toMillis();
        boolean any = false;
        for (Slot slot : slots) {
            if (slot.run instanceof AlertingRun run) {
                slot.before = run.adopt(states.read(run.stateMatchers(), fromMs, nowMs), nowMs);
                any |= !slot.before.isEmpty();
            }
        }
        return any;
    }

    /// Tells of the alerts that must be told of now, by rule; they count as told.
    public void send(long timeMs, Duration resend, BiConsumer<Rule, List<Alert>> to) {
        for (AlertingRun run : alerting()) {
            List<Alert> due = run.toSend(timeMs, resend);
            if (!due.isEmpty()) {
                to.accept(run.rule(), due);
            }
        }
    }

    private List<AlertingRun> alerting() {
        return slots.stream()
                .filter(slot -> slot.run instanceof AlertingRun)
                .map(slot -> (AlertingRun) slot.run)
                .toList();
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
                                slot.lastNanos,
                                slot.samples,
                                slot.completeness))
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
