package dev.muster.agent.journal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Tells others that a store has changed. Thread-safe.
public final class Changes {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// Runs `listener` after each change until it is forgotten.
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    public void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /// Something has changed.
    public void tell() {
        listeners.forEach(Runnable::run);
    }
}
