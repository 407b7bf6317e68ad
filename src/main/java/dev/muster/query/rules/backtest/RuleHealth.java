package dev.muster.query.rules.backtest;

import dev.muster.model.time.Steps;
import dev.muster.promql.Expr;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import dev.muster.query.rules.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds rules that are of no use: that can never fire, whose selectors match nothing, or have lost
/// what they matched. Selectors that several rules have are looked at once. Confined to one thread.
public final class RuleHealth {
    private static final long STEP_MS = 300_000;
    private static final int SELECTORS_LIMIT = 1_000;

    private final RangeQueries queries;
    private final Steps steps;
    private final Map<String, Optional<Long>> lastSeen = new HashMap<>();
    private boolean complete = true;

    /// @param nowMs end of the time that is looked at
    /// @param back how long that is
    public RuleHealth(RangeQueries queries, long nowMs, Duration back) {
        this.queries = queries;
        long count = Math.max(1, back.toMillis() / STEP_MS);
        steps = new Steps(nowMs - count * STEP_MS, nowMs, STEP_MS);
    }

    /// What is wrong with a rule.
    ///
    /// @param never why it can never have a result
    /// @param unmatched selectors without a series in all the time
    /// @param lost selectors that matched and do not now, with when they did last, Unix time
    public record Finding(List<String> never, List<String> unmatched, Map<String, Long> lost) {
        public Finding {
            never = List.copyOf(never);
            unmatched = List.copyOf(unmatched);
            lost = Map.copyOf(lost);
        }

        /// Whether nothing is.
        public boolean isFine() {
            return never.isEmpty() && unmatched.isEmpty() && lost.isEmpty();
        }
    }

    /// Looks at a rule.
    ///
    /// @throws QueryException if its expression is wrong or costs too much
    public Finding of(Rule rule) throws QueryException, IOException {
        Expr expr = PromQl.parse(rule.expr());
        List<String> unmatched = new ArrayList<>();
        Map<String, Long> lost = new HashMap<>();
        for (Expr.VectorSelector selector : Selectors.of(expr)) {
            String text = Selectors.text(selector);
            if (!lastSeen.containsKey(text)) {
                if (!queries.hasTime() || lastSeen.size() >= SELECTORS_LIMIT) {
                    complete = false;
                    continue;
                }
                lastSeen.put(text, lastSeen(text));
            }
            Optional<Long> last = lastSeen.getOrDefault(text, Optional.empty());
            if (last.isEmpty()) {
                unmatched.add(text);
            } else if (last.get() < steps.endMs()) {
                lost.put(text, last.get());
            }
        }
        return new Finding(RuleDoubts.of(expr), unmatched, lost);
    }

    private Optional<Long> lastSeen(String selector) throws QueryException, IOException {
        MatrixValue values = queries.answer("count(" + selector + ")", steps);
        if (values.size() == 0) {
            return Optional.empty();
        }
        MatrixSeries series = values.series().getFirst();
        return Optional.of(series.timestampMs(series.size() - 1));
    }

    /// Whether there was time for all selectors.
    public boolean isComplete() {
        return complete;
    }
}
