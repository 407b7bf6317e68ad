package dev.muster.agent.why;

import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.append.AccountQuestion;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.append.SeriesExample;
import dev.muster.agent.scrape.append.SeriesFate;
import dev.muster.agent.scrape.append.SeriesShare;
import dev.muster.agent.scrape.append.SeriesTrace;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/// Explains a series: which targets expose it, what becomes of it on the way, where its samples
/// lie.
final class SeriesWhy {
    private static final int EXAMPLES = 2;
    private static final int TARGETS_ASKED = 200;
    private static final int EXPOSED = 50;
    private static final int NEAR = 8;
    private static final long PATIENCE_NANOS = 300_000_000;
    private static final String EXPORTED = "exported_";

    private final AgentFacts facts;
    private final HeadLookup head;
    private final Selector selector;
    private final long nowMs;

    SeriesWhy(AgentFacts facts, Selector selector) {
        this.facts = facts;
        this.selector = selector;
        this.nowMs = facts.nowMs();
        this.head = new HeadLookup(facts.series(), nowMs);
    }

    Explanation explain() {
        Step.Sampled sampled = head.find(selector.matchers(), facts.head().oldestMs());
        List<Target> targets = exposing(sampled);
        Step.Exposed exposed = exposed(targets);
        List<Step> steps = new ArrayList<>();
        steps.add(sampled);
        steps.add(exposed);
        Explanation said = judge(sampled, exposed, steps);
        steps.add(StoringSteps.stored(facts));
        steps.add(StoringSteps.shipped(facts));
        steps.add(StoringSteps.linked(facts, selector.text()));
        return new Explanation(
                said.verdict(),
                said.subject(),
                said.sentence(),
                said.next(),
                steps,
                lines(targets));
    }

    /// The targets that stored series name, or all where there are none.
    private List<Target> exposing(Step.Sampled sampled) {
        List<Target> named = new ArrayList<>();
        for (Target target : facts.found().active().values()) {
            for (Step.StoredSeries series : sampled.series()) {
                if (isOf(series.labels(), target)) {
                    named.add(target);
                    break;
                }
            }
        }
        boolean fresh = sampled.series().stream().anyMatch(this::isFresh);
        return fresh && !named.isEmpty() ? named : List.copyOf(facts.found().active().values());
    }

    private static boolean isOf(Labels series, Target target) {
        return series.valueOf("job").equals(target.labels().valueOf("job"))
                && series.valueOf("instance").equals(target.instance());
    }

    private boolean isFresh(Step.StoredSeries series) {
        return !series.stale() && nowMs - series.lastMs() <= HeadLookup.LATELY_MS;
    }

    private Step.Exposed exposed(List<Target> targets) {
        AccountQuestion question = new AccountQuestion(selector.matchers(), EXAMPLES);
        List<Step.ExposedSeries> found = new ArrayList<>();
        int asked = 0;
        int silent = 0;
        long startNanos = System.nanoTime();
        for (Target target : targets) {
            if (asked == TARGETS_ASKED || System.nanoTime() - startNanos > PATIENCE_NANOS) {
                break;
            }
            asked++;
            Optional<SeriesAccount> account = facts.account(target.key(), question);
            if (account.isEmpty()) {
                silent++;
            } else {
                add(target, account.get(), found);
            }
        }
        long series = found.stream().mapToLong(Step.ExposedSeries::count).sum();
        String text =
                found.isEmpty()
                        ? "None of "
                                + Words.count(asked, "target", "targets")
                                + " asked exposes it."
                        : Words.count(series, "fitting series is", "fitting series are")
                                + " exposed by "
                                + Words.count(
                                        found.stream()
                                                .map(Step.ExposedSeries::target)
                                                .distinct()
                                                .count(),
                                        "target",
                                        "targets")
                                + ".";
        if (asked < targets.size()) {
            text += " " + (targets.size() - asked) + " more were not asked.";
        }
        Mark mark = found.stream().anyMatch(f -> f.fate().equals("kept")) ? Mark.GOOD : Mark.BAD;
        return new Step.Exposed(mark, text, asked, silent, found);
    }

    private void add(Target target, SeriesAccount account, List<Step.ExposedSeries> into) {
        for (SeriesShare share : account.shares()) {
            if (into.size() < EXPOSED) {
                into.add(exposed(target, share));
            }
        }
        for (var folded : account.folded()) {
            boolean asked = selector.metric().equals(folded.metric());
            if (asked && into.size() < EXPOSED && account.series(SeriesFate.FOLDED) == 0) {
                Optional<SeriesTrace> trace =
                        folded.examples().stream().findFirst().map(labels -> trace(target, labels));
                into.add(
                        new Step.ExposedSeries(
                                target.labels(),
                                "folded",
                                folded.series(),
                                "",
                                trace,
                                Optional.empty()));
            }
        }
    }

    private static Step.ExposedSeries exposed(Target target, SeriesShare share) {
        Optional<SeriesExample> example = share.examples().stream().findFirst();
        return new Step.ExposedSeries(
                target.labels(),
                share.fate().name().toLowerCase(Locale.ROOT),
                share.series(),
                ScrapingSteps.place(target.job().rules().metricRelabel(), share.rule()),
                example.map(e -> trace(target, e.exposed())),
                example.flatMap(SeriesExample::stored));
    }

    private static SeriesTrace trace(Target target, Labels exposed) {
        return SeriesTrace.of(target.labels(), target.job().rules(), exposed);
    }

    private List<TargetLine> lines(List<Target> targets) {
        List<TargetLine> lines = new ArrayList<>();
        for (TargetStatus status : facts.targets()) {
            boolean named = targets.stream().anyMatch(t -> t.key().equals(status.target().key()));
            if (named && targets.size() <= NEAR) {
                lines.add(TargetWhy.line(status, status.target(), nowMs));
            }
        }
        return lines;
    }

    private Explanation judge(Step.Sampled sampled, Step.Exposed exposed, List<Step> steps) {
        String name = Words.cut(selector.text());
        long fresh = sampled.series().stream().filter(this::isFresh).count();
        if (fresh > 0) {
            Step.StoredSeries newest = newest(sampled);
            return said(
                    Verdict.SERIES_STORED,
                    Words.count(sampled.total(), "series fits ", "series fit ")
                            + name
                            + "; the last sample, "
                            + Words.ago(newest.lastMs(), nowMs)
                            + ", is "
                            + newest.value()
                            + ".",
                    "");
        }
        for (Step.ExposedSeries series : exposed.series()) {
            Optional<Explanation> lost = lost(name, series);
            if (lost.isPresent()) {
                return lost.get();
            }
        }
        if (sampled.total() > 0) {
            return ended(name, sampled);
        }
        return unknown(name, steps);
    }

    private Optional<Explanation> lost(String name, Step.ExposedSeries series) {
        String target = Words.cut(series.target());
        return switch (series.fate()) {
            case "dropped" ->
                    Optional.of(
                            said(
                                    Verdict.SERIES_DROPPED,
                                    target
                                            + " exposes "
                                            + name
                                            + ", and metric relabelling drops it: rule "
                                            + series.example()
                                                    .flatMap(e -> e.relabelling().droppedBy())
                                                    .map(step ->
                                                            FindingSteps.name(step)
                                                                    + ", "
                                                                    + FindingSteps.reason(step))
                                                    .orElse(series.place())
                                            + ".",
                                    "Change that rule of metric_relabel_configs if the series is"
                                            + " wanted."));
            case "folded" ->
                    Optional.of(
                            said(
                                    Verdict.SERIES_FOLDED,
                                    target
                                            + " exposes "
                                            + name
                                            + ", but the memory budget is used up: new series of"
                                            + " this metric are counted in "
                                            + selector.metric()
                                            + "{__overflow__=\"true\"}.",
                                    "Take the label with the many values out of the metric, or"
                                            + " raise the budget."));
            case "over_series_limit" ->
                    Optional.of(
                            said(
                                    Verdict.OVER_SERIES_LIMIT,
                                    target
                                            + " exposes "
                                            + name
                                            + ", but the head holds as many series as it may.",
                                    "Expose fewer series, or raise muster.head.series-limit."));
            case "kept" -> renamed(name, target, series);
            default -> Optional.empty();
        };
    }

    private Optional<Explanation> renamed(String name, String target, Step.ExposedSeries series) {
        if (series.stored().isEmpty()
                || LabelMatcher.all(selector.matchers(), series.stored().get())) {
            return Optional.empty();
        }
        return Optional.of(
                said(
                        Verdict.SERIES_RENAMED,
                        target
                                + " exposes "
                                + name
                                + ", and it is stored as "
                                + Words.cut(series.stored().get())
                                + ".",
                        "Ask for it by that name; with honor_labels: true the exposed labels would"
                                + " win, and metric_relabel_configs may rename."));
    }

    private Explanation ended(String name, Step.Sampled sampled) {
        Step.StoredSeries newest = newest(sampled);
        Optional<TargetStatus> down =
                facts.targets().stream()
                        .filter(status -> isOf(newest.labels(), status.target()))
                        .filter(status -> status.last().isPresent() && !status.up())
                        .findFirst();
        String last =
                newest.stale()
                        ? "it was marked as ended " + Words.ago(newest.lastMs(), nowMs)
                        : "its last sample was " + Words.ago(newest.lastMs(), nowMs);
        if (down.isPresent()) {
            return said(
                    Verdict.SERIES_TARGET_DOWN,
                    name
                            + " is stored, but "
                            + last
                            + ", because its target is down: "
                            + Words.cut(down.get().error())
                            + ".",
                    "Ask about the target: /why?target=" + down.get().target().instance());
        }
        boolean known = facts.targets().stream().anyMatch(s -> isOf(newest.labels(), s.target()));
        return said(
                Verdict.SERIES_ENDED,
                name
                        + " is stored, but "
                        + last
                        + ": "
                        + (known
                                ? "its target does not expose it any more."
                                : "its target is gone."),
                known
                        ? "Look at what the service exposes now; older samples are still there."
                        : "Ask why the target is gone: /why?target="
                                + newest.labels().valueOf("instance"));
    }

    private static Step.StoredSeries newest(Step.Sampled sampled) {
        return sampled.series().stream()
                .max((a, b) ->
                        Long.compare(
                                a.stale() ? a.lastMs() - HeadLookup.LATELY_MS : a.lastMs(),
                                b.stale() ? b.lastMs() - HeadLookup.LATELY_MS : b.lastMs()))
                .orElseThrow();
    }

    private Explanation unknown(String name, List<Step> steps) {
        String metric = selector.metric();
        if (!metric.isEmpty() && !selector.withoutMetric().isEmpty()) {
            List<LabelMatcher> bare = List.of(LabelMatcher.equal(Labels.METRIC, metric));
            Step.Sampled others = head.find(bare, facts.head().oldestMs());
            if (others.total() > 0) {
                steps.add(others);
                return labelsDiffer(metric, others);
            }
        }
        TreeSet<String> names = new TreeSet<>(head.names());
        List<String> near = Nearness.nearest(metric, names, NEAR);
        steps.add(
                new Step.Named(
                        near.isEmpty() ? Mark.BAD : Mark.WAITING,
                        near.isEmpty()
                                ? "No metric of this agent has a name near it."
                                : "Metrics with names near it: " + String.join(", ", near) + ".",
                        near));
        List<String> down =
                facts.targets().stream()
                        .filter(status -> status.last().isPresent() && !status.up())
                        .map(status -> status.target().instance())
                        .limit(3)
                        .toList();
        return said(
                Verdict.METRIC_UNKNOWN,
                "No target of this agent exposes "
                        + name
                        + ", and none is stored here."
                        + (down.isEmpty()
                                ? ""
                                : " Targets that are down and might: "
                                        + String.join(", ", down)
                                        + "."),
                near.isEmpty()
                        ? "Ask about the target that should expose it: /why?target=host:port"
                        : "Did you mean " + near.getFirst() + "?");
    }

    private Explanation labelsDiffer(String metric, Step.Sampled others) {
        for (LabelMatcher matcher : selector.withoutMetric()) {
            for (Step.StoredSeries series : others.series()) {
                String exported = series.labels().valueOf(EXPORTED + matcher.name());
                if (!exported.isEmpty() && matcher.matches(exported)) {
                    return said(
                            Verdict.SERIES_RENAMED,
                            "The label "
                                    + matcher.name()
                                    + " of "
                                    + metric
                                    + " is stored as "
                                    + EXPORTED
                                    + matcher.name()
                                    + ", because the target has a label of that name itself.",
                            "Ask for "
                                    + EXPORTED
                                    + matcher.name()
                                    + ", or set honor_labels: true so that the exposed label"
                                    + " wins.");
                }
            }
        }
        String differing =
                selector.withoutMetric().stream()
                        .filter(m ->
                                others.series().stream()
                                        .noneMatch(s -> m.matches(s.labels().valueOf(m.name()))))
                        .map(m ->
                                m
                                        + " (there is "
                                        + others.series().stream()
                                                .map(s -> s.labels().valueOf(m.name()))
                                                .distinct()
                                                .limit(3)
                                                .map(v ->
                                                        v.isEmpty()
                                                                ? "no such label"
                                                                : "\"" + Words.cut(v) + "\"")
                                                .reduce((a, b) -> a + ", " + b)
                                                .orElse("nothing")
                                        + ")")
                        .findFirst()
                        .orElse("all of these labels together");
        return said(
                Verdict.LABELS_DIFFER,
                "There are "
                        + Words.count(others.total(), "series", "series")
                        + " of "
                        + metric
                        + ", but none with "
                        + differing
                        + ".",
                "Ask for " + metric + " alone and look at its labels.");
    }

    private Explanation said(Verdict verdict, String sentence, String next) {
        return new Explanation(
                verdict, Words.cut(selector.text()), sentence, next, List.of(), List.of());
    }
}
