package dev.muster.query.api;

import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import dev.muster.query.source.AgentPlace;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Supplier;

/// `why`: asks the agent of a host why a target or a series is there or not. The host may be left
/// out where the fleet knows which one scrapes the target.
///
/// Agents look at ports of their host only for those who ask them there, so `probe` is not passed
/// on.
final class WhyCalls {
    private static final List<String> PASSED = List.of("target", "port", "series", "job");

    /// Hosts named in an error.
    private static final int NAMED = 20;

    private final Supplier<FleetState> fleet;
    private final AgentCalls agents;

    WhyCalls(Supplier<FleetState> fleet, AgentCalls agents) {
        this.fleet = fleet;
        this.agents = agents;
    }

    Answer why(Call call) throws ApiException, IOException {
        AgentPlace agent = agent(call.parameters());
        StringJoiner query = new StringJoiner("&");
        for (String name : PASSED) {
            if (call.parameters().has(name)) {
                query.add(
                        name
                                + "="
                                + URLEncoder.encode(
                                        call.parameters().text(name), StandardCharsets.UTF_8));
            }
        }
        URI url = agent.url().resolve("/api/v1/why" + (query.length() == 0 ? "" : "?" + query));
        String answer = agents.relay(url);
        return Answer.bare(json -> json.json(answer));
    }

    private AgentPlace agent(Parameters parameters) throws ApiException {
        String host = parameters.text("host");
        String cell = parameters.text("cell");
        if (host.isEmpty() && parameters.has("target")) {
            host = scraping(parameters.text("target"), cell);
        }
        if (host.isEmpty()) {
            throw ApiException.invalid("host", "must be given: known=" + known());
        }
        for (AgentPlace agent : agents.places()) {
            if (agent.host().equals(host) && (cell.isEmpty() || agent.cell().equals(cell))) {
                if (agent.absence().isPresent()) {
                    throw new ApiException(
                            ErrorType.UNAVAILABLE,
                            "agent host="
                                    + host
                                    + " cannot be asked: "
                                    + agent.absence().get().cause());
                }
                return agent;
            }
        }
        throw ApiException.invalid(
                "host", "no agent is known of it: found=" + host + ", known=" + known());
    }

    /// The only host that scrapes a target of that name; empty where there is none, or several.
    private String scraping(String target, String cell) {
        List<String> hosts =
                fleet.get().cells().stream()
                        .filter(state -> cell.isEmpty() || state.cell().equals(cell))
                        .map(CellState::members)
                        .flatMap(List::stream)
                        .filter(member ->
                                member.services().stream()
                                        .anyMatch(service -> service.instance().equals(target)))
                        .map(member -> member.host())
                        .distinct()
                        .limit(2)
                        .toList();
        return hosts.size() == 1 ? hosts.getFirst() : "";
    }

    private List<String> known() {
        return agents.places().stream()
                .map(AgentPlace::host)
                .distinct()
                .sorted()
                .limit(NAMED)
                .toList();
    }
}
