package dev.muster.agent.fleet;

import dev.muster.federation.assign.CellMap;
import dev.muster.federation.assign.CellSpec;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The map of cells as a YAML file: `epoch`, and under `zones` each zone with its cells and their
/// seeds.
public final class CellMapFile {
    private static final long SIZE_LIMIT_BYTES = 4 << 20;

    private CellMapFile() {}

    /// Reads the map.
    ///
    /// @throws IOException if the file cannot be read, or where it is wrong and why
    public static CellMap read(Path file) throws IOException {
        if (Files.size(file) > SIZE_LIMIT_BYTES) {
            throw new IOException(
                    "file=" + file + ": cell map must have at most bytes=" + SIZE_LIMIT_BYTES);
        }
        return parse(file.toString(), Files.readString(file));
    }

    static CellMap parse(String file, String text) throws YamlException {
        YamlMap root = YamlMap.parse(file, text);
        long epoch = root.value("epoch", 0L, "a whole number from 1", CellMapFile::epoch);
        var zones = new TreeMap<String, List<CellSpec>>();
        Optional<YamlMap> section = root.map("zones");
        for (String zone : root.namedMaps("zones").keySet()) {
            List<CellSpec> cells = new ArrayList<>();
            for (Map.Entry<String, List<String>> cell :
                    section.orElseThrow().wordLists(zone).entrySet()) {
                try {
                    cells.add(new CellSpec(cell.getKey(), cell.getValue()));
                } catch (IllegalArgumentException e) {
                    throw root.error("zones", String.valueOf(e.getMessage()));
                }
            }
            zones.put(zone, cells);
        }
        root.refuseOthers();
        try {
            return new CellMap(epoch, zones);
        } catch (IllegalArgumentException e) {
            throw root.error("zones", String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Long> epoch(String text) {
        try {
            long epoch = Long.parseLong(text);
            return epoch < 1 ? Optional.empty() : Optional.of(epoch);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
