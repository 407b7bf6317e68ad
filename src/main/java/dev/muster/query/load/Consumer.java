package dev.muster.query.load;

/// A query that takes of what all of them share, and can be told to stop. Thread-safe.
public interface Consumer {
    /// How urgent it is.
    Priority priority();

    /// What it has used so far.
    Usage usage();

    /// It is to stop soon; its client is told why. Does nothing when it is already stopping.
    ///
    /// @param limit name of the limit that is passed
    /// @param why for its client
    void stop(String limit, String why);
}
