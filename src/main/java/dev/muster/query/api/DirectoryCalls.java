package dev.muster.query.api;

import dev.muster.federation.directory.Aged;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.CrossWatch.Conclusion;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import dev.muster.query.directory.DirectoryClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All cells of the fleet, and whether one that is silent is dead: `directory`.
final class DirectoryCalls {
    private final DirectoryClient directory;
    private final Supplier<FleetState> fleet;

    DirectoryCalls(DirectoryClient directory, Supplier<FleetState> fleet) {
        this.directory = directory;
        this.fleet = fleet;
    }

    Answer directory(Call call) {
        Map<String, CellState> states = new HashMap<>();
        fleet.get().cells().forEach(cell -> states.put(cell.cell(), cell));
        List<Aged> all = directory.all();
        return Answer.of(json -> {
            json.beginObject().name("cells").beginArray();
            for (Aged aged : all) {
                if (aged.item() instanceof CellEntry entry) {
                    write(entry, aged.ageMs(), states.get(entry.cell()), json);
                }
            }
            json.endArray().endObject();
        });
    }

    private void write(CellEntry entry, long ageMs, @Nullable CellState state, JsonWriter json)
            throws IOException {
        Conclusion conclusion = directory.conclusion(entry.cell());
        json.beginObject().name("cell").value(entry.cell());
        json.name("zone").value(entry.zone());
        json.name("mapEpoch").value(entry.mapEpoch());
        json.name("up").value(entry.up());
        json.name("down").value(entry.down());
        json.name("expected").value(entry.expected());
        json.name("quorum").value(entry.hasQuorum());
        json.name("ageMs").value(ageMs);
        json.name("followed").value(state != null && !state.stale());
        json.name("watch").value(conclusion.verdict().name().toLowerCase(Locale.ROOT));
        json.name("witnesses").strings(conclusion.witnesses());
        json.name("urls").strings(directory.urls(entry.cell()));
        json.name("deadHosts").beginArray();
        if (state != null) {
            for (var dead : directory.deadHosts(entry.cell(), roster(state)).entrySet()) {
                json.beginObject().name("host").value(dead.getKey());
                json.name("cause").value("HOST_DOWN");
                json.name("witnesses").strings(dead.getValue()).endObject();
            }
        }
        json.endArray().endObject();
    }

    private static List<String> roster(CellState state) {
        return state.members().stream()
                .filter(member -> !(member.upness() instanceof Upness.Left))
                .map(Member::host)
                .toList();
    }
}
