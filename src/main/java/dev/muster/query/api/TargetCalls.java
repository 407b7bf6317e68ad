package dev.muster.query.api;

import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import dev.muster.model.labels.Labels;
import dev.muster.query.source.AgentPlace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The targets of all agents: `targets`, `scrape_pools`. What an agent that is away scraped is told
/// from the fleet's view.
final class TargetCalls {
    private final Supplier<FleetState> fleet;
    private final AgentCalls agents;

    TargetCalls(Supplier<FleetState> fleet, AgentCalls agents) {
        this.fleet = fleet;
        this.agents = agents;
    }

    /// A service of an agent that did not answer.
    private record Lost(String cell, Member member, ServiceState service) {}

    Answer targets(Call call) {
        String pool = call.parameters().text("scrapePool");
        String state = call.parameters().text("state");
        boolean active = !state.equals("dropped");
        Map<AgentPlace, JsonObject> answers = agents.ask("/api/v1/targets?state=any");
        List<Lost> lost = active ? lost(answers.keySet(), pool) : List.of();
        return Answer.of(json -> {
            json.beginObject().name("activeTargets").beginArray();
            if (active) {
                writeAll(answers, "activeTargets", pool, json);
            }
            for (Lost target : lost) {
                write(target, json);
            }
            json.endArray().name("droppedTargets").beginArray();
            if (!state.equals("active")) {
                writeAll(answers, "droppedTargets", pool, json);
            }
            json.endArray().name("droppedTargetCounts").beginObject();
            for (var count : droppedCounts(answers).entrySet()) {
                json.name(count.getKey()).value(count.getValue());
            }
            json.endObject().endObject();
        });
    }

    Answer scrapePools(Call call) {
        List<String> pools =
                fleet.get().cells().stream()
                        .flatMap(cell -> cell.members().stream())
                        .flatMap(member -> member.services().stream())
                        .map(ServiceState::job)
                        .distinct()
                        .sorted()
                        .toList();
        return Answer.of(json -> json.beginObject().name("scrapePools").strings(pools).endObject());
    }

    private static void writeAll(
            Map<AgentPlace, JsonObject> answers, String list, String pool, JsonWriter json)
            throws IOException {
        for (JsonObject answer : answers.values()) {
            JsonArray targets =
                    answer.getJsonObject("data", new JsonObject())
                            .getJsonArray(list, new JsonArray());
            for (Object target : targets) {
                if (target instanceof JsonObject object
                        && (pool.isEmpty() || pool.equals(object.getString("scrapePool")))) {
                    json.json(object.encode());
                }
            }
        }
    }

    private static Map<String, Long> droppedCounts(Map<AgentPlace, JsonObject> answers) {
        Map<String, Long> counts = new TreeMap<>();
        for (JsonObject answer : answers.values()) {
            JsonObject dropped =
                    answer.getJsonObject("data", new JsonObject())
                            .getJsonObject("droppedTargetCounts", new JsonObject());
            for (var count : dropped) {
                if (count.getValue() instanceof Number number) {
                    counts.merge(count.getKey(), number.longValue(), Long::sum);
                }
            }
        }
        return counts;
    }

    private List<Lost> lost(Set<AgentPlace> answered, String pool) {
        Set<String> hosts = new HashSet<>();
        answered.forEach(agent -> hosts.add(agent.cell() + '\0' + agent.host()));
        List<Lost> lost = new ArrayList<>();
        for (CellState cell : fleet.get().cells()) {
            for (Member member : cell.members()) {
                if (!hosts.contains(cell.cell() + '\0' + member.host())) {
                    member.services().stream()
                            .filter(service -> pool.isEmpty() || pool.equals(service.job()))
                            .forEach(service -> lost.add(new Lost(cell.cell(), member, service)));
                }
            }
        }
        return lost;
    }

    private static void write(Lost lost, JsonWriter json) throws IOException {
        ServiceState service = lost.service();
        String state = Totals.stateOf(lost.member(), service);
        json.beginObject().name("discoveredLabels");
        json.labels(Labels.of("__address__", service.instance(), "job", service.job()));
        json.name("labels")
                .labels(
                        Labels.of(
                                "job", service.job(),
                                "instance", service.instance(),
                                "cell", lost.cell(),
                                "host", lost.member().host()));
        json.name("scrapePool").value(service.job());
        json.name("scrapeUrl").value("");
        json.name("globalUrl").value("");
        json.name("lastError").value(service.reason());
        json.name("lastScrape").value(Instant.ofEpochMilli(lost.member().heardMs()).toString());
        json.name("lastScrapeDuration").number(0);
        json.name("health").value(state);
        json.name("scrapeInterval").value("");
        json.name("scrapeTimeout").value("").endObject();
    }
}
