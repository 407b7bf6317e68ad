package dev.muster.agent.intake.influx;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Answers what clients of InfluxDB ask before they write: statements that make databases and
/// retention policies are taken without doing anything, those that list them find what clients look
/// for. Nothing else is answered, as it is asked by PromQL here. Thread-safe.
public final class InfluxQuery implements PushHandler {
    /// Told as the version of the server; clients look at the first number.
    public static final String VERSION = "1.8.10-muster";

    private static final List<String> DONE =
            List.of(
                    "create database",
                    "create retention policy",
                    "alter retention policy",
                    "drop database",
                    "drop retention policy");
    private static final String RESULT = "{\"results\":[{\"statement_id\":0%s}]}";
    private static final String SERIES = ",\"series\":[{%s\"columns\":[%s],\"values\":[%s]}]";

    @Override
    public PushAnswer handle(PushRequest request) throws PushRefusedException {
        String statement = statement(request);
        String lower = statement.toLowerCase(Locale.ROOT).strip().replaceAll("\\s+", " ");
        if (DONE.stream().anyMatch(lower::startsWith)) {
            return answer("");
        }
        if (lower.startsWith("show databases")) {
            return answer(SERIES.formatted("\"name\":\"databases\",", "\"name\"", "[\"muster\"]"));
        }
        if (lower.startsWith("show retention policies")) {
            return answer(
                    SERIES.formatted(
                            "",
                            "\"name\",\"duration\",\"shardGroupDuration\",\"replicaN\",\"default\"",
                            "[\"autogen\",\"0s\",\"168h0m0s\",1,true]"));
        }
        throw PushRefusedException.bad(
                "query",
                "statement must make or list databases or retention policies; data is asked by"
                        + " PromQL");
    }

    private static PushAnswer answer(String series) {
        return PushAnswer.json(200, RESULT.formatted(series)).with("X-Influxdb-Version", VERSION);
    }

    /// In the query, or in the body as a form.
    private static String statement(PushRequest request) throws PushRefusedException {
        if (request.hasParameter("q")) {
            return request.parameter("q");
        }
        for (String pair : request.text().split("&", -1)) {
            if (pair.startsWith("q=")) {
                try {
                    return URLDecoder.decode(pair.substring(2), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    throw PushRefusedException.bad("query", "q must be encoded: " + e.getMessage());
                }
            }
        }
        throw PushRefusedException.bad("query", "parameter q must be there");
    }
}
