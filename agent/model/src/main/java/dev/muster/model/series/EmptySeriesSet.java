package dev.muster.model.series;

import dev.muster.model.labels.Labels;

enum EmptySeriesSet implements SeriesSet {
    INSTANCE;

    @Override
    public int size() {
        return 0;
    }

    @Override
    public Labels labels(int index) {
        throw new IndexOutOfBoundsException("the set is empty: index=" + index);
    }

    @Override
    public SampleReader reader() {
        return (index, into) -> {
            throw new IndexOutOfBoundsException("the set is empty: index=" + index);
        };
    }

    @Override
    public void close() {}
}
