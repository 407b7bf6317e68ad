package dev.muster.federation.hazelcast;

import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellView;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/// This agent's part in its cell. Thread-safe.
public final class Cell implements AutoCloseable {
    private Cell() {}

    /// Starts to take part. Returns at once: joining, and joining again, goes on in the background.
    ///
    /// @throws java.io.UncheckedIOException if the port is in use or the directory cannot be
    ///   written
    public static Cell join(CellConfig config, InstantSource clock) {
        throw new UnsupportedOperationException(config + " " + clock);
    }

    /// Says what is known of this host's services. Cheap to call every second: only changes travel.
    public void report(List<ServiceState> services) {
        throw new UnsupportedOperationException(services.toString());
    }

    /// The cell as this agent sees it now.
    public CellView view() {
        throw new UnsupportedOperationException();
    }

    /// Calls the listener after each change, on a thread of the cell: it must not block. Close to
    /// end it.
    public AutoCloseable subscribe(Consumer<CellView> listener) {
        throw new UnsupportedOperationException(listener.toString());
    }

    /// Counters.
    public CellStats stats() {
        throw new UnsupportedOperationException();
    }

    /// Leaves on purpose: the others see it as left, not as down. Then as [#close()].
    public void leave() {
        throw new UnsupportedOperationException();
    }

    /// Ends this member without a word, as a crash would.
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
