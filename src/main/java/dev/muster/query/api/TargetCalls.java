package dev.muster.query.api;

import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import dev.muster.model.labels.Labels;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import dev.muster.query.source.AgentPlace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The targets of all agents: `targets`, `targets/metadata`, `targets/relabel_steps`,
/// `scrape_pools`. What an agent that is away scraped is told from the fleet's view.
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

    /// Metadata of the metrics of targets, as the agents that scrape them tell it.
    Answer metadata(Call call) throws ApiException {
        Parameters parameters = call.parameters();
        int limit = -1;
        if (parameters.has("limit")) {
            try {
                limit = Integer.parseInt(parameters.text("limit"));
            } catch (NumberFormatException e) {
                throw ApiException.badData("limit must be a number");
            }
        }
        String match = parameters.text("match_target");
        if (!match.isEmpty()) {
            try {
                var _ = PromQl.parseSelector(match);
            } catch (QueryException e) {
                throw ApiException.invalid("match_target", e.getMessage());
            }
        }
        String metric = parameters.text("metric");
        List<JsonObject> found =
                found(
                        "/api/v1/targets/metadata?match_target="
                                + encoded(match)
                                + "&metric="
                                + encoded(metric)
                                + (limit < 0 ? "" : "&limit=" + limit),
                        limit);
        return Answer.of(json -> {
            json.beginArray();
            for (JsonObject entry : found) {
                json.json(entry.encode());
            }
            json.endArray();
        });
    }

    /// The entries of all agents, of so many targets.
    private List<JsonObject> found(String path, int limit) {
        List<JsonObject> found = new ArrayList<>();
        Set<JsonObject> targets = new HashSet<>();
        for (JsonObject answer : agents.ask(path).values()) {
            for (Object entry : answer.getJsonArray("data", new JsonArray())) {
                if (entry instanceof JsonObject object) {
                    targets.add(object.getJsonObject("target", new JsonObject()));
                    if (limit >= 0 && targets.size() > limit) {
                        return found;
                    }
                    found.add(object);
                }
            }
        }
        return found;
    }

    /// What holds for the targets of a pool, as YAML: asked of an agent that has the pool.
    Answer scrapePoolConfig(Call call) throws ApiException {
        String pool = call.parameters().text("scrapePool");
        if (pool.isEmpty()) {
            throw ApiException.badData("no scrapePool parameter provided");
        }
        return asked(pool, "/api/v1/scrape_pools/config?scrapePool=" + encoded(pool));
    }

    /// What each rule of a pool makes of labels: asked of an agent that has the pool.
    Answer relabelSteps(Call call) throws ApiException {
        String pool = call.parameters().text("scrapePool");
        String labels = call.parameters().text("labels");
        if (pool.isEmpty()) {
            throw ApiException.badData("no scrapePool parameter provided");
        }
        if (labels.isEmpty()) {
            throw ApiException.badData("no labels parameter provided");
        }
        String path =
                "/api/v1/targets/relabel_steps?scrapePool="
                        + encoded(pool)
                        + "&labels="
                        + encoded(labels);
        return asked(pool, path);
    }

    /// Asked of the first agent that has the pool; agents may have different ones of that name.
    private Answer asked(String pool, String path) throws ApiException {
        for (AgentPlace agent : agents.places()) {
            if (agent.absence().isEmpty() && has(agent, pool)) {
                String answer = agents.relay(agent.url().resolve(path));
                return Answer.bare(json -> json.json(answer));
            }
        }
        throw new ApiException(
                ErrorType.BAD_DATA, "unable to find scrape pool: " + Times.quoted(pool));
    }

    private boolean has(AgentPlace agent, String pool) {
        return fleet.get().cells().stream()
                .filter(cell -> cell.cell().equals(agent.cell()))
                .flatMap(cell -> cell.members().stream())
                .filter(member -> member.host().equals(agent.host()))
                .flatMap(member -> member.services().stream())
                .anyMatch(service -> service.job().equals(pool));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
        json.name("health").value(service.health().label());
        json.name("scrapeInterval").value("");
        json.name("scrapeTimeout").value("").endObject();
    }
}
