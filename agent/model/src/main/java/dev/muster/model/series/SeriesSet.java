package dev.muster.model.series;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.util.List;

/// The series that a [SeriesSource] found, numbered from 0 in ascending order of their labels, no
/// label set twice.
///
/// Labels are known at once; samples are decoded on demand by readers. The set is a snapshot: what
/// is written later does not change it. Labels and metadata may be asked from any thread; each
/// thread reads samples with a reader of its own, so that many threads can share the work. Close
/// the set when all readers are done.
public interface SeriesSet extends AutoCloseable {
    int size();

    /// The labels of series `index`; may be kept.
    Labels labels(int index);

    /// What is known of the metric family of series `index`.
    default MetricMetadata metadata(int index) {
        return MetricMetadata.NONE;
    }

    /// A new reader for one thread. Reading in ascending order of series is cheapest.
    SampleReader reader();

    /// What is missing from this answer, in words for people: a part of the fleet that did not
    /// answer, a block that could not be read. Empty when the answer is whole. It may grow while
    /// samples are read, as damage is seen only then: ask last.
    default List<String> warnings() {
        return List.of();
    }

    /// How much of what should have answered did; as with the warnings, ask last.
    default Completeness completeness() {
        return Completeness.NONE;
    }

    /// The parts of this set by whose samples they are, so that those of a series' own agent go
    /// before those that another agent took in its place. Valid while this set is open; closed with
    /// it, and not by themselves.
    default List<Layer> layers() {
        return List.of(new Layer(this, Layer.OWN));
    }

    /// A part of a set.
    ///
    /// @param set the series
    /// @param by agent that took the samples in place of the series' own; [#OWN] where it did
    record Layer(SeriesSet set, String by) {
        public static final String OWN = "";
    }

    @Override
    void close();

    /// A set without series.
    static SeriesSet empty() {
        return EmptySeriesSet.INSTANCE;
    }
}
