package dev.muster.query.api;

import dev.muster.federation.follow.Followed;
import dev.muster.federation.view.FleetEvent;
import dev.muster.federation.view.FleetLog;
import dev.muster.federation.view.FleetState;
import dev.muster.query.fleet.FleetFollower;
import java.io.IOException;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// Who is up, and the node's own state: `fleet`, `status/muster`.
final class FleetCalls {
    private final Supplier<FleetState> fleet;
    private final FleetLog log;
    private final FleetFollower follower;
    private final AgentTotals agents;
    private final IntSupplier blocks;

    FleetCalls(
            Supplier<FleetState> fleet,
            FleetLog log,
            FleetFollower follower,
            AgentTotals agents,
            IntSupplier blocks) {
        this.fleet = fleet;
        this.log = log;
        this.follower = follower;
        this.agents = agents;
        this.blocks = blocks;
    }

    Answer fleet(Call call) throws ApiException {
        FleetState state = fleet.get();
        FleetFilter filter = FleetFilter.of(call.parameters());
        return Answer.bare(json -> FleetJson.write(state, filter, json));
    }

    /// What has changed, oldest first, as long as it is kept.
    Answer history(Call call) throws ApiException {
        Parameters parameters = call.parameters();
        String cell = parameters.text("cell");
        String host = parameters.text("host");
        int limit = parameters.limit() == 0 ? FleetFilter.DEFAULT_LIMIT : parameters.limit();
        List<FleetEvent> all =
                log.since(parameters.timeMs("since", 0)).stream()
                        .filter(event -> cell.isEmpty() || cell.equals(event.cell()))
                        .filter(event -> host.isEmpty() || host.equals(event.host()))
                        .toList();
        List<FleetEvent> events = all.subList(Math.max(0, all.size() - limit), all.size());
        long dropped = log.dropped();
        return Answer.bare(json -> {
            json.beginObject().name("dropped").value(dropped).name("events").beginArray();
            for (FleetEvent event : events) {
                FleetJson.write(event, json);
            }
            json.endArray().endObject();
        });
    }

    Answer status(Call call) {
        FleetState state = fleet.get();
        Totals totals = Totals.of(state);
        AgentTotals.Sum sum = agents.sum();
        return Answer.bare(json -> {
            json.beginObject();
            json.name("agentsUp").value(totals.agentsUp());
            json.name("agents").value(totals.agents());
            json.name("targetsUp").value(totals.targetsUp());
            json.name("targets").value(totals.targets());
            json.name("blocks").value(blocks.getAsInt());
            json.name("series").value(sum.series());
            json.name("samplesPerSecond").number(sum.samplesPerSecond());
            json.name("coverage").number(state.coverage());
            json.name("followed").beginArray();
            for (Followed agent : follower.followed()) {
                write(agent, json);
            }
            json.endArray().endObject();
        });
    }

    private static void write(Followed agent, JsonWriter json) throws IOException {
        json.beginObject().name("url").value(agent.url());
        json.name("cell").value(agent.cell());
        json.name("observer").value(agent.observer());
        json.name("connected").value(agent.connected());
        json.name("frames").value(agent.frames());
        json.name("failures").value(agent.failures());
        json.name("error").value(agent.error()).endObject();
    }
}
