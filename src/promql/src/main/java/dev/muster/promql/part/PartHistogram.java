package dev.muster.promql.part;

import dev.muster.model.histogram.NativeHistogram;

/// A histogram of a series at a step, or what is known of the sum or mean of the histograms of a
/// group.
///
/// @param histogram the sum; the mean if `mean`; any of them if `incompatible`
/// @param size how many histograms are in it, at least 1
/// @param mean whether the sum has become a mean, because it would not fit doubles
/// @param sawReset whether one said that it has started anew
/// @param sawNoReset whether one said that it has not
/// @param reconciledBounds whether there were different custom bounds
/// @param incompatible whether there were exponential and custom buckets, so that there is no sum
public record PartHistogram(
        NativeHistogram histogram,
        long size,
        boolean mean,
        boolean sawReset,
        boolean sawNoReset,
        boolean reconciledBounds,
        boolean incompatible) {
    public PartHistogram {
        if (size < 1) {
            throw new IllegalArgumentException(
                    "a sum of histograms must have at least one: size=" + size);
        }
    }

    /// The same for a group whose histograms do not fit together.
    public PartHistogram asIncompatible() {
        return new PartHistogram(
                histogram, size, mean, sawReset, sawNoReset, reconciledBounds, true);
    }

    /// The value of a series, of which nothing else is to be known.
    public static PartHistogram of(NativeHistogram histogram) {
        return new PartHistogram(histogram, 1, false, false, false, false, false);
    }
}
