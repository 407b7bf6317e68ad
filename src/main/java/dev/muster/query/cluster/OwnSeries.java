package dev.muster.query.cluster;

import dev.muster.federation.cluster.ShareFilter;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;

/// The series of a share, each of which must say that it is of it: agents give every series the
/// labels `cell` and `host`, but a target may have labels of these names itself, and then two hosts
/// may have the same series, which must be merged before it is counted.
final class OwnSeries implements SeriesSource {
    private final SeriesSource source;
    private final ShareFilter filter;

    OwnSeries(SeriesSource source, ShareFilter filter) {
        this.source = source;
        this.filter = filter;
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        SeriesSet set = source.select(request);
        try {
            for (int i = 0; i < set.size(); i++) {
                check(set.labels(i));
            }
            return set;
        } catch (IOException | RuntimeException e) {
            set.close();
            throw e;
        }
    }

    private void check(Labels labels) throws ForeignSeriesException {
        String cell = labels.get("cell");
        String host = labels.get("host");
        if (cell == null || host == null || !filter.holds(cell, host)) {
            throw new ForeignSeriesException(
                    "series must have the labels cell and host of its agent to be counted by"
                            + " shares: found="
                            + labels);
        }
    }
}
