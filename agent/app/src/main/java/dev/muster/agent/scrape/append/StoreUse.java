package dev.muster.agent.scrape.append;

/// What the store holds of series now.
///
/// @param bytes memory that they take, whatever samples they have
/// @param collected series that it has forgotten so far
public record StoreUse(long bytes, long collected) {
    /// Of a store that tells nothing.
    public static final StoreUse NOTHING = new StoreUse(0, 0);
}
