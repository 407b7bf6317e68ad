package dev.muster.agent.upload;

import dev.muster.model.time.TimeRange;

/// A closed window and how far its block has come.
///
/// @param window the window
/// @param key of the block's series file in the store
/// @param state how far it has come
/// @param confirmedMs when the store was found to have it, Unix time; 0 before
/// @param samples in the block; -1 where an earlier run of the agent wrote it, or none has yet
/// @param sizeBytes of the block's files; -1 as for `samples`
public record Shipment(
        TimeRange window, String key, State state, long confirmedMs, long samples, long sizeBytes) {
    /// How far a block has come.
    public enum State {
        /// The window is closed; its block is not yet in the store.
        PENDING,
        /// The block is in the store, and the head still holds the window.
        SHIPPED,
        /// The block is in the store, and the head has let the window go.
        RELEASED,
        /// There was nothing to ship.
        EMPTY
    }

    Shipment released() {
        State last = state == State.EMPTY ? State.EMPTY : State.RELEASED;
        return new Shipment(window, key, last, confirmedMs, samples, sizeBytes);
    }
}
