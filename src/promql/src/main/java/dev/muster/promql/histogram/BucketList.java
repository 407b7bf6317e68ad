package dev.muster.promql.histogram;

import dev.muster.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The buckets of a histogram that count anything, from the lowest to the highest. Immutable.
public final class BucketList implements Iterable<BucketList.Bucket> {
    private final List<Bucket> buckets;

    private BucketList(List<Bucket> buckets) {
        this.buckets = buckets;
    }

    /// A bucket with its bounds.
    ///
    /// @param rule which of the bounds are in it
    /// @param count observations in it alone
    public record Bucket(BoundaryRule rule, double lower, double upper, double count) {}

    public static BucketList of(NativeHistogram histogram) {
        List<Bucket> buckets = new ArrayList<>();
        BucketCursor cursor = BucketCursor.ascending(histogram);
        while (cursor.next()) {
            BoundaryRule rule = BoundaryRule.of(cursor.lower(), cursor.upper());
            buckets.add(new Bucket(rule, cursor.lower(), cursor.upper(), cursor.count()));
        }
        return new BucketList(buckets);
    }

    public boolean isEmpty() {
        return buckets.isEmpty();
    }

    @Override
    public Iterator<Bucket> iterator() {
        return List.copyOf(buckets).iterator();
    }
}
