package dev.muster.promql;

import dev.muster.model.labels.Labels;
import dev.muster.promql.part.PartSeries;
import dev.muster.promql.part.PartSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The groups of an aggregation that makes one series of each: of one lane, of one part, or of all.
/// Confined to one thread at a time.
final class Groups {
    private final QueryRun run;
    private final Aggregator operator;
    private final int steps;
    private final Position position;
    private final GroupTable<Group> table;
    private final double[] scratch = new double[PartSeries.COLUMNS_LIMIT];

    /// One group.
    private static final class Group {
        private final GroupAccumulator accumulator;
        private @Nullable HistogramGroup histograms;
        private Labels first;
        private boolean dropName;

        Group(GroupAccumulator accumulator, Labels first) {
            this.accumulator = accumulator;
            this.first = first;
        }
    }

    /// @param position of what is aggregated, for remarks
    Groups(QueryRun run, Aggregator operator, Grouping grouping, int steps, Position position) {
        this.run = run;
        this.operator = operator;
        this.steps = steps;
        this.position = position;
        table = new GroupTable<>(grouping);
    }

    /// Adds a series to its group.
    void add(Labels labels, boolean dropName, StepColumn column) {
        Group group = table.find(labels);
        if (group == null) {
            group = newGroup(labels, labels);
        }
        if (column.hasHistograms() && (operator == Aggregator.SUM || operator == Aggregator.AVG)) {
            histograms(group).add(column);
            column.dropHistograms();
        }
        group.accumulator.add(column);
        group.dropName |= dropName;
    }

    /// Adds one to a step of a group.
    ///
    /// @param first of whose series it is
    void addAt(Labels key, Labels first, int step) {
        Group group = table.find(key);
        if (group == null) {
            group = newGroup(key, first);
        }
        group.accumulator.addAt(step, 1);
    }

    /// @param labels of a series of the group, or of the group
    private Group newGroup(Labels labels, Labels first) {
        Group group = new Group(GroupAccumulator.of(operator, steps), first);
        run.budget().chargeMemory(group.accumulator.sizeBytes());
        table.add(labels, group);
        return group;
    }

    private HistogramGroup histograms(Group group) {
        HistogramGroup histograms = group.histograms;
        if (histograms == null) {
            histograms = new HistogramGroup(operator == Aggregator.AVG, steps, run, position);
            group.histograms = histograms;
        }
        return histograms;
    }

    /// Takes in the groups of series that come behind all of these.
    void merge(Groups next) {
        for (int i = 0; i < next.table.size(); i++) {
            Group theirs = next.table.group(i);
            Group mine = table.find(next.table.key(i));
            if (mine == null) {
                table.add(next.table.key(i), theirs);
                continue;
            }
            mine.accumulator.merge(theirs.accumulator);
            run.budget().releaseMemory(theirs.accumulator.sizeBytes());
            if (theirs.histograms != null) {
                if (mine.histograms == null) {
                    mine.histograms = theirs.histograms;
                } else {
                    mine.histograms.merge(theirs.histograms);
                }
            }
            mine.dropName |= theirs.dropName;
        }
    }

    /// Takes in a group that a part has sent.
    ///
    /// @param offset the step at which the part begins
    void merge(PartSeries series, int offset) {
        Group group = table.find(series.labels());
        if (group == null) {
            group = newGroup(series.labels(), series.first());
        } else if (series.first().compareTo(group.first) < 0) {
            group.first = series.first();
        }
        group.accumulator.merge(series, offset, scratch);
        if (series.hasHistograms()) {
            histograms(group).merge(series, offset);
        }
        group.dropName |= series.dropName();
    }

    /// Sends the state of all groups; to be called once.
    void state(PartSink sink) throws IOException {
        PartSeries series = new PartSeries(steps, GroupAccumulator.columns(operator));
        for (int i = 0; i < table.size(); i++) {
            run.budget().check();
            Group group = table.group(i);
            series.begin(table.key(i), group.first, group.dropName);
            group.accumulator.state(series);
            if (group.histograms != null) {
                group.histograms.state(series);
            }
            sink.series(series);
            run.budget().releaseMemory(group.accumulator.sizeBytes());
        }
    }

    /// Pushes the values of all groups, in their order; to be called once.
    void finish(SeriesSink sink) throws QueryException, IOException {
        StepColumn column = new StepColumn(steps);
        for (int i = 0; i < table.size(); i++) {
            finish(table.key(i), table.group(i), column, sink);
        }
    }

    /// Pushes the values of all groups by the order of their first series; to be called once.
    void finishSorted(SeriesSink sink) throws QueryException, IOException {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < table.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing(i -> table.group(i).first));
        StepColumn column = new StepColumn(steps);
        for (int i : order) {
            finish(table.key(i), table.group(i), column, sink);
        }
    }

    private void finish(Labels key, Group group, StepColumn column, SeriesSink sink)
            throws QueryException, IOException {
        column.clear();
        group.accumulator.finish(column);
        run.budget().releaseMemory(group.accumulator.sizeBytes());
        HistogramGroup histograms = group.histograms;
        if (histograms != null) {
            histograms.finish(column);
        }
        if (histograms == null || !column.isEmpty()) {
            sink.accept(key, group.dropName, column);
        }
    }
}
