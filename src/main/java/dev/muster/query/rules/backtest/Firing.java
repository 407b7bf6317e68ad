package dev.muster.query.rules.backtest;

import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.query.rules.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// One alert from its start to its end, as a rule would have had it.
///
/// @param labels of the series that it is of
/// @param startMs first step at which it fires
/// @param endMs last step at which it does
public record Firing(Labels labels, long startMs, long endMs) {
    /// The alerts of one series.
    ///
    /// @param there at which steps the expression has a value
    /// @param looked at which steps anybody looked; what pends or fires does not go on over others
    static List<Firing> of(
            Labels labels, BitSet there, BitSet looked, Steps steps, Rule.Alerting rule) {
        List<Firing> all = new ArrayList<>();
        long holdMs = rule.hold().toMillis();
        long keepMs = rule.keepFiring().toMillis();
        long activeMs = -1;
        long firedMs = -1;
        long lastMs = -1;
        for (int step = 0; step < steps.count(); step++) {
            long atMs = steps.at(step);
            boolean active = there.get(step);
            boolean kept = firedMs >= 0 && !active && looked.get(step) && atMs - lastMs < keepMs;
            if (active) {
                activeMs = activeMs < 0 ? atMs : activeMs;
                lastMs = atMs;
                firedMs = firedMs < 0 && atMs - activeMs >= holdMs ? atMs : firedMs;
            } else if (!kept) {
                if (firedMs >= 0) {
                    all.add(new Firing(labels, firedMs, Math.max(firedMs, lastMs)));
                }
                activeMs = -1;
                firedMs = -1;
            }
        }
        if (firedMs >= 0) {
            all.add(new Firing(labels, firedMs, Math.max(firedMs, lastMs)));
        }
        return all;
    }
}
