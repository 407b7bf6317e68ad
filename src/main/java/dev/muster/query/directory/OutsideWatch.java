package dev.muster.query.directory;

import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetView;
import dev.muster.federation.view.HostState;
import dev.muster.federation.view.Outside;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Brings into the fleet's view what stands outside of a cell: hosts that the watch of other cells
/// found dead, and zones of which much fell silent at once. A thread of its own.
public final class OutsideWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(OutsideWatch.class.getName());

    /// Knows which hosts of a cell are dead.
    @FunctionalInterface
    public interface DeadHosts {
        /// Dead hosts with the cells that say so; none of a cell that judges its hosts itself.
        ///
        /// @param roster of the cell
        Map<String, List<String>> of(String cell, List<String> roster);
    }

    private final FleetView fleet;
    private final DeadHosts dead;
    private final Supplier<Set<String>> silentZones;

    /// Cells of which something was said; owned by who calls [#round].
    private final Set<String> told = new HashSet<>();

    private final ScheduledExecutorService rounds =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("muster-outside").factory());

    /// @param silentZones zones of which much fell silent at once
    public OutsideWatch(FleetView fleet, DeadHosts dead, Supplier<Set<String>> silentZones) {
        this.fleet = fleet;
        this.dead = dead;
        this.silentZones = silentZones;
    }

    /// Begins; returns at once.
    public void start() {
        var _ = rounds.scheduleWithFixedDelay(this::guarded, 1, 1, TimeUnit.SECONDS);
    }

    private void guarded() {
        try {
            round();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "round of the watch failed and goes on", e);
        }
    }

    /// One look at all cells.
    void round() {
        Set<String> zones = silentZones.get();
        for (CellState cell : fleet.state().cells()) {
            boolean silent = cell.stale() && zones.contains(cell.zone());
            Outside said = new Outside(dead.of(cell.cell(), roster(cell)), silent);
            boolean says = !said.equals(Outside.NOTHING);
            if (says || told.contains(cell.cell())) {
                fleet.outside(cell.cell(), said);
            }
            if (says) {
                told.add(cell.cell());
            } else {
                told.remove(cell.cell());
            }
        }
    }

    private static List<String> roster(CellState cell) {
        return cell.hosts().stream()
                .filter(host -> !(host.upness() instanceof Upness.Left))
                .map(HostState::host)
                .toList();
    }

    @Override
    public void close() {
        rounds.shutdownNow();
    }
}
