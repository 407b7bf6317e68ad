package dev.muster.agent.fleet;

import dev.muster.federation.assign.Assigner;
import dev.muster.federation.assign.Assignment;
import dev.muster.federation.assign.CellMap;
import dev.muster.federation.assign.CellSpec;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.DirectoryTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The cell of an agent that starts, by the map of cells and what the last run has left.
///
/// @param cell its name
/// @param seeds where its members may be
/// @param directory where its files are
public record CellChoice(String cell, List<String> seeds, Path directory) {
    public CellChoice {
        seeds = List.copyOf(seeds);
    }

    /// The choice for this plan; empty if the map does not choose.
    ///
    /// @throws IOException if the map cannot be read, or where it is wrong
    /// @throws IllegalArgumentException if the map does not have the zone
    public static Optional<CellChoice> of(FleetPlan plan) throws IOException {
        if (!plan.chooses()) {
            return Optional.empty();
        }
        CellMap map = CellMapFile.read(plan.mapFile().orElseThrow());
        FleetFiles files = new FleetFiles(plan.directory());
        DirectoryTable table = new DirectoryTable();
        files.load(table, 0);
        Assignment chosen =
                Assigner.atStart(
                        map,
                        plan.zone(),
                        plan.host(),
                        Optional.empty(),
                        files.home(),
                        cell -> table.cell(cell).map(CellEntry::expected).orElse(0));
        List<String> seeds =
                map.cell(plan.zone(), chosen.cell()).map(CellSpec::seeds).orElse(List.of());
        return Optional.of(
                new CellChoice(chosen.cell(), seeds, plan.directory().resolve(chosen.cell())));
    }
}
