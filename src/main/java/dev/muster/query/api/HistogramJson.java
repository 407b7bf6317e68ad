package dev.muster.query.api;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.histogram.BucketList;
import java.io.IOException;

/// Native histograms as Prometheus' API writes them.
final class HistogramJson {
    private HistogramJson() {}

    /// `[seconds,{"count":"4","sum":"10","buckets":[[rule,"lower","upper","count"],…]}]`; buckets
    /// that count nothing are left out, and the list if there are no others.
    static void point(long timestampMs, NativeHistogram histogram, JsonWriter json)
            throws IOException {
        json.beginArray().seconds(timestampMs).beginObject();
        json.name("count").value(GoNumbers.text(histogram.count()));
        json.name("sum").value(GoNumbers.text(histogram.sum()));
        BucketList buckets = BucketList.of(histogram);
        if (!buckets.isEmpty()) {
            json.name("buckets").beginArray();
            for (BucketList.Bucket bucket : buckets) {
                json.beginArray()
                        .value(bucket.rule().code())
                        .value(GoNumbers.text(bucket.lower()))
                        .value(GoNumbers.text(bucket.upper()))
                        .value(GoNumbers.text(bucket.count()))
                        .endArray();
            }
            json.endArray();
        }
        json.endObject().endArray();
    }
}
