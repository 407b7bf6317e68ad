package dev.muster.query.fleet;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import dev.muster.federation.view.HostState;
import dev.muster.query.source.AgentDirectory;
import dev.muster.query.source.AgentPlace;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The agents of the fleet as places to ask for recent data. Before any view has come, those are
/// the agents it was told to start from.
public final class FleetDirectory implements AgentDirectory {
    private final Supplier<FleetState> fleet;
    private final List<URI> seeds;

    public FleetDirectory(Supplier<FleetState> fleet, List<URI> seeds) {
        this.fleet = fleet;
        this.seeds = List.copyOf(seeds);
    }

    @Override
    public List<AgentPlace> agents() {
        List<AgentPlace> places = new ArrayList<>();
        for (CellState cell : fleet.get().cells()) {
            for (HostState host : cell.hosts()) {
                Urls.parse(host.httpUrl())
                        .map(url -> place(cell.cell(), host, url))
                        .ifPresent(places::add);
            }
        }
        if (places.isEmpty()) {
            for (URI seed : seeds) {
                places.add(new AgentPlace("unknown", seed.getAuthority(), seed, Optional.empty()));
            }
        }
        return places;
    }

    private static AgentPlace place(String cell, HostState member, URI url) {
        Optional<AgentPlace.Absence> absence =
                switch (member.upness()) {
                    case Upness.Up _, Upness.Suspect _, Upness.Unknown _ -> Optional.empty();
                    case Upness.Down(long sinceMs, Cause cause) ->
                            Optional.of(
                                    new AgentPlace.Absence(
                                            cause.text(), sinceMs, cause != Cause.AGENT_DOWN));
                    case Upness.Left(long sinceMs) ->
                            Optional.of(new AgentPlace.Absence("left", sinceMs, false));
                };
        return new AgentPlace(cell, member.host(), url, absence, member.incarnation());
    }
}
