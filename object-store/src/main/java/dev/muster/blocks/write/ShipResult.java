package dev.muster.blocks.write;

/// What became of a block that was to be shipped. In each case it is now in the bucket, whole and
/// visible.
public enum ShipResult {
    /// Nothing of it was there.
    SHIPPED,
    /// An earlier attempt had left a part of it, which was used or replaced.
    COMPLETED,
    /// It was there already, byte by byte.
    PRESENT,
    /// A block of that name with fewer samples was there and was replaced.
    REPLACED,
    /// A block of that name with at least as many samples, but other content, is there and was
    /// left.
    KEPT_OTHER
}
