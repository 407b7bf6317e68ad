package dev.muster.query.api;

import dev.muster.federation.follow.Followed;
import dev.muster.federation.view.FleetState;
import dev.muster.query.fleet.FleetFollower;
import java.io.IOException;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// Who is up, and the node's own state: `fleet`, `status/muster`.
final class FleetCalls {
    private final Supplier<FleetState> fleet;
    private final FleetFollower follower;
    private final AgentTotals agents;
    private final IntSupplier blocks;

    FleetCalls(
            Supplier<FleetState> fleet,
            FleetFollower follower,
            AgentTotals agents,
            IntSupplier blocks) {
        this.fleet = fleet;
        this.follower = follower;
        this.agents = agents;
        this.blocks = blocks;
    }

    Answer fleet(Call call) {
        FleetState state = fleet.get();
        return Answer.bare(json -> FleetJson.write(state, json));
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
