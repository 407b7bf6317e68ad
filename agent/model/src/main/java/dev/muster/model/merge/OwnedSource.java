package dev.muster.model.merge;

import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.util.function.Predicate;

/// A source whose series must all be its own, so that no other source can have one of them: what
/// each owner has made of its series may then be added up. A selection with a series of others
/// fails with a [ForeignSeriesException].
///
/// @param source holds the series
/// @param owned tells them from those of others
/// @param rule by which it does, for messages: what must hold, and for whom
public record OwnedSource(SeriesSource source, Predicate<Labels> owned, String rule)
        implements SeriesSource {
    private static final int CHECK_EVERY = 4_096;

    /// A source whose series must have the labels of their owner.
    public static OwnedSource of(SeriesSource source, Labels owner) {
        return new OwnedSource(
                source,
                labels -> has(owner, labels),
                "series must have the labels of its owner: owner=" + owner + ", series=");
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        SeriesSet set = source.select(request);
        try {
            for (int i = 0; i < set.size(); i++) {
                if (!owned.test(set.labels(i))) {
                    throw new ForeignSeriesException(rule + set.labels(i));
                }
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

    private static boolean has(Labels owner, Labels labels) {
        for (int i = 0; i < owner.size(); i++) {
            if (!owner.value(i).equals(labels.get(owner.name(i)))) {
                return false;
            }
        }
        return true;
    }
}
