package dev.muster.federation.view;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// Fleet views on another clockwork than that of the machine.
public final class FleetViews {
    private FleetViews() {}

    /// A view whose ages are measured by `nanoTime`.
    public static FleetView of(Duration freshFor, InstantSource clock, LongSupplier nanoTime) {
        return new FleetView(freshFor, clock, nanoTime);
    }
}
