package dev.muster.model.merge;

import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;

/// A source whose series must all have the labels of their owner, so that no other source can have
/// one of them: what each owner has made of its series may then be added up. A selection with a
/// series that has other values there fails with a [ForeignSeriesException].
///
/// @param source holds the series
/// @param owner labels that all of them must have
public record OwnedSource(SeriesSource source, Labels owner) implements SeriesSource {
    private static final int CHECK_EVERY = 4_096;

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        SeriesSet set = source.select(request);
        try {
            for (int i = 0; i < set.size(); i++) {
                check(set.labels(i));
                if (i % CHECK_EVERY == 0) {
                    request.budget().check();
                }
            }
            return set;
        } catch (IOException | RuntimeException e) {
            set.close();
            throw e;
        }
    }

    private void check(Labels labels) throws ForeignSeriesException {
        for (int i = 0; i < owner.size(); i++) {
            if (!owner.value(i).equals(labels.get(owner.name(i)))) {
                throw new ForeignSeriesException(
                        "series must have the labels of its owner: owner="
                                + owner
                                + ", series="
                                + labels);
            }
        }
    }
}
