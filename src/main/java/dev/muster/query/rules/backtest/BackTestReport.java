package dev.muster.query.rules.backtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a rule would have done.
///
/// @param alert name of the rule
/// @param expr its expression
/// @param fromMs first step that was looked at, Unix time
/// @param toMs last step that was looked at
/// @param stepMs from one step to the next
/// @param days so many days were looked at
/// @param complete whether there was time for all days that were asked for, and room for all series
/// @param firings alerts, oldest first
/// @param duringOutages how many of them began while a host that they may be of was known to be
///   down; -1 where nobody knows who was up
/// @param selectors what its selectors matched
/// @param never why it can never fire; nothing if it may
public record BackTestReport(
        String alert,
        String expr,
        long fromMs,
        long toMs,
        long stepMs,
        int days,
        boolean complete,
        List<Firing> firings,
        int duringOutages,
        List<SelectorDays> selectors,
        List<String> never) {
    public BackTestReport {
        firings = List.copyOf(firings);
        selectors = List.copyOf(selectors);
        never = List.copyOf(never);
    }

    /// What a selector matched.
    ///
    /// @param selector as text
    /// @param days so many days were looked at
    /// @param empty on so many of them it matched no series
    public record SelectorDays(String selector, int days, int empty) {}

    /// Whether it cannot fire, or matched nothing at all.
    public boolean isDoubtful() {
        return !never.isEmpty() || selectors.stream().anyMatch(each -> each.empty() == each.days());
    }

    /// All of it in a sentence.
    public String summary() {
        if (!never.isEmpty()) {
            return "can never fire: " + String.join("; ", never);
        }
        List<String> parts = new ArrayList<>();
        String fired =
                String.format(
                        Locale.ROOT,
                        "would have fired %s in %s",
                        count(firings.size(), "time"),
                        count(days, "day"));
        parts.add(
                duringOutages > 0
                        ? fired + ", " + duringOutages + " of them during known outages"
                        : fired);
        for (SelectorDays each : selectors) {
            if (each.empty() == each.days()) {
                parts.add(each.selector() + " matched no series at all");
            } else if (each.empty() > 0) {
                parts.add(
                        "on "
                                + count(each.empty(), "day")
                                + " "
                                + (selectors.size() == 1 ? "it" : each.selector())
                                + " matched no series");
            }
        }
        if (!complete) {
            parts.add("not all could be looked at");
        }
        return String.join("; ", parts);
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
