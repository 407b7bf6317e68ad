package dev.muster.blocks.bucket;

/// What became of a conditional put.
public enum PutResult {
    /// The object was not there; now it is, whole.
    CREATED,
    /// An object of that key was there before and is left as it was.
    EXISTS
}
