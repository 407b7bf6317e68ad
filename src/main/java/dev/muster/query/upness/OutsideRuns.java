package dev.muster.query.upness;

import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessProvenance;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import dev.muster.federation.view.HostState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/// What no agent can log: hosts of a cell without a voice of its own, which other cells found dead.
/// Told while it lasts, by what this node shows.
final class OutsideRuns {
    private static final String OBSERVER = "watch";
    private static final String HOST_DOWN = Cause.HOST_DOWN.name().toLowerCase(Locale.ROOT);

    private OutsideRuns() {}

    /// A run for each such host, from its death to now.
    static List<UpnessRun> of(FleetState fleet, long nowMs) {
        List<UpnessRun> runs = new ArrayList<>();
        forEach(fleet, nowMs, (cell, host) -> runs.add(run(cell, host, nowMs)));
        return runs;
    }

    /// Takes each such host, with its cell.
    static void forEach(FleetState fleet, long nowMs, BiConsumer<String, HostState> taker) {
        for (CellState cell : fleet.cells()) {
            if (cell.counts().down() == 0) {
                continue;
            }
            for (HostState host : cell.hosts()) {
                if (isFoundByOthers(host) && host.upness().sinceMs() <= nowMs) {
                    taker.accept(cell.cell(), host);
                }
            }
        }
    }

    private static boolean isFoundByOthers(HostState host) {
        return host.upness() instanceof Upness.Down(long _, Cause cause)
                && cause == Cause.HOST_DOWN
                && host.isFoundByOthers();
    }

    private static UpnessRun run(String cell, HostState host, long nowMs) {
        long sinceMs = Math.max(0, host.upness().sinceMs());
        List<UpnessEntry> entries = entries(cell, host, sinceMs, nowMs, 0);
        return new UpnessRun(cell, OBSERVER, 0, sinceMs, nowMs + 1, false, entries, true);
    }

    /// What is said of such a host and its services.
    ///
    /// @param untilMs end of the span, 0 while it goes on
    static List<UpnessEntry> entries(
            String cell, HostState host, long fromMs, long nowMs, long untilMs) {
        List<UpnessEntry> entries = new ArrayList<>();
        entries.add(entry(UpnessTarget.ofHost(cell, host.host()), host, fromMs, nowMs, untilMs));
        for (ServiceState service : host.services().list()) {
            if (service.health() == Health.DOWN && service.provenance() == Provenance.HOST) {
                var target = new UpnessTarget(cell, host.host(), service.job(), service.instance());
                entries.add(entry(target, host, fromMs, nowMs, untilMs));
            }
        }
        return entries;
    }

    private static UpnessEntry entry(
            UpnessTarget target, HostState host, long fromMs, long nowMs, long untilMs) {
        return new UpnessEntry(
                target,
                host.place().zone(),
                host.place().rack(),
                fromMs,
                Math.max(fromMs, nowMs),
                untilMs,
                UpnessState.UNKNOWN,
                UpnessState.DOWN,
                HOST_DOWN,
                Cause.HOST_DOWN.text(),
                UpnessProvenance.HOST,
                0,
                host.onlookers().witnesses());
    }
}
