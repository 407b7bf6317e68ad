package dev.muster.query;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.github.luben.zstd.ZstdInputStream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every route of the node, over HTTP, on the data of a fleet that is not there.
@Isolated // Quarkus sets what the whole JVM sees
@QuarkusTest
@QuarkusTestResource(FakeFleet.class)
class ApiTest {
    private static final String T0 = "1767225600";

    @BeforeEach
    void waitForTheFleet() {
        await().untilAsserted(() ->
                assertThat(get("/api/v1/fleet").jsonPath().getList("cells")).isNotEmpty());
    }

    @Test
    void answersAScalar() {
        assertThat(body("/api/v1/query", "query", "1 + 1", "time", T0))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\","
                                + "\"result\":[1767225600,\"2\"]}}");
    }

    @Test
    void answersAString() {
        assertThat(body("/api/v1/query", "query", "\"a\"", "time", T0))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"string\","
                                + "\"result\":[1767225600,\"a\"]}}");
    }

    @Test
    void answersAVector() {
        assertThat(body("/api/v1/query", "query", "http_requests_total", "time", T0 + ".5"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                                + "{\"metric\":{\"__name__\":\"http_requests_total\","
                                + "\"code\":\"200\",\"job\":\"demo\"},"
                                + "\"value\":[1767225600.500,\"0\"]},"
                                + "{\"metric\":{\"__name__\":\"http_requests_total\","
                                + "\"code\":\"500\",\"job\":\"demo\"},"
                                + "\"value\":[1767225600.500,\"0\"]}]}}");
    }

    @Test
    void answersAMatrix() {
        assertThat(body("/api/v1/query", "query", "odd[31s]", "time", "1767225630"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                                + "{\"metric\":{\"__name__\":\"odd\",\"http.status\":\"418\","
                                + "\"note\":\"a \\\"b\\\" <ä>\\n\"},"
                                + "\"values\":[[1767225600,\"+Inf\"],[1767225615,\"1e-07\"],"
                                + "[1767225630,\"+Inf\"]]}]}}");
    }

    @Test
    void answersAnEmptyVector() {
        assertThat(body("/api/v1/query", "query", "nix", "time", T0))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\","
                                + "\"result\":[]}}");
    }

    @Test
    void answersARange() {
        assertThat(
                        body(
                                "/api/v1/query_range",
                                "query",
                                "up",
                                "start",
                                T0,
                                "end",
                                "1767225620.5",
                                "step",
                                "10"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                                + "{\"metric\":{\"__name__\":\"up\",\"host\":\"a1\","
                                + "\"instance\":\"a1:9100\",\"job\":\"node\"},\"values\":"
                                + "[[1767225600,\"1\"],[1767225610,\"1\"],[1767225620,\"1\"]]}]}}");
    }

    @Test
    void takesFormsAndMergesThemWithTheUrl() {
        Response response =
                given().queryParam("time", T0)
                        .queryParam("query", "2")
                        .formParam("query", "3")
                        .post("/api/v1/query");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("data.result[1]")).isEqualTo("3");
        assertThat(response.contentType()).isEqualTo("application/json");
    }

    @Test
    void survivesAQueryThatIsNestedTooDeeply() {
        Response response =
                given().formParam("query", "-(".repeat(50_000) + "1" + ")".repeat(50_000))
                        .post("/api/v1/query");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.jsonPath().getString("errorType")).isEqualTo("bad_data");
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(url("/api/v1/query"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .expectContinue(true)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[11 << 20]))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(413);
        }
    }

    @Test
    void tellsStatsOnDemand() {
        Response response = get("/api/v1/query", "query", "up", "time", T0, "stats", "true");
        assertThat(response.jsonPath().getMap("data.stats.timings"))
                .containsKeys(
                        "evalTotalTime",
                        "resultSortTime",
                        "queryPreparationTime",
                        "innerEvalTime",
                        "execQueueTime",
                        "execTotalTime");
        assertThat(response.jsonPath().getMap("data.stats.samples"))
                .containsKeys("totalQueryableSamples", "peakSamples");
    }

    @Test
    void cutsAnAnswerAtItsLimit() {
        Response response =
                get("/api/v1/query", "query", "http_requests_total", "time", T0, "limit", "1");
        assertThat(response.jsonPath().getList("data.result")).hasSize(1);
        assertThat(response.jsonPath().getList("warnings"))
                .contains("results truncated due to limit");
    }

    @Test
    void honoursTheLookbackOfACall() {
        String later = "1767229300";
        assertThat(
                        get("/api/v1/query", "query", "up", "time", later)
                                .path("data.result")
                                .toString())
                .isNotEqualTo("[]");
        assertThat(
                        get("/api/v1/query", "query", "up", "time", later, "lookback_delta", "10s")
                                .path("data.result")
                                .toString())
                .isEqualTo("[]");
    }

    /// Parameters as `name=value` separated by `|`, then what is answered.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "query;;400;bad_data;invalid parameter \"query\": unknown position: parse error: no"
                        + " expression found in input",
                "query;query=up|time=x;400;bad_data;invalid parameter \"time\": Invalid time value"
                        + " for 'time': cannot parse \"x\" to a valid timestamp",
                "query;query=up|timeout=x;400;bad_data;invalid parameter \"timeout\": cannot parse"
                        + " \"x\" to a valid duration",
                "query;query=up|limit=-1;400;bad_data;invalid parameter \"limit\": limit must be"
                        + " non-negative",
                "query;query=up|limit=a;400;bad_data;invalid parameter \"limit\": strconv.Atoi:"
                        + " parsing \"a\": invalid syntax",
                "query;query=up{;400;bad_data;invalid parameter \"query\": 1:4: parse error:"
                        + " unexpected end of input inside braces",
                "query;query=up|lookback_delta=z;400;bad_data;error parsing lookback delta"
                        + " duration: cannot parse \"z\" to a valid duration",
                "query_range;query=up;400;bad_data;invalid parameter \"start\": cannot parse \"\""
                        + " to a valid timestamp",
                "query_range;query=up|start=1;400;bad_data;invalid parameter \"end\": cannot parse"
                        + " \"\" to a valid timestamp",
                "query_range;query=up|start=2|end=1;400;bad_data;invalid parameter \"end\": end"
                        + " timestamp must not be before start time",
                "query_range;query=up|start=1|end=2;400;bad_data;invalid parameter \"step\": cannot"
                        + " parse \"\" to a valid duration",
                "query_range;query=up|start=1|end=2|step=0;400;bad_data;invalid parameter \"step\":"
                        + " zero or negative query resolution step widths are not accepted. Try a"
                        + " positive integer",
                "query_range;query=up|start=1|end=12000|step=1;400;bad_data;exceeded maximum"
                        + " resolution of 11,000 points per timeseries. Try decreasing the query"
                        + " resolution (?step=XX)",
                "query_range;query=up[1m]|start=1|end=2|step=1;400;bad_data;invalid parameter"
                    + " \"query\": invalid expression type \"range vector\" for range query, must"
                    + " be Scalar or instant Vector",
                "series;;400;bad_data;no match[] parameter provided",
                "series;match[]=;400;bad_data;invalid parameter \"match[]\": unknown position:"
                        + " parse error: unexpected end of input",
                "series;match[]={a=\"\"};400;bad_data;invalid parameter \"match[]\": match[] must"
                        + " contain at least one non-empty matcher",
                "labels;start=x;400;bad_data;invalid parameter \"start\": Invalid time value for"
                        + " 'start': cannot parse \"x\" to a valid timestamp",
                "metadata;limit=x;400;bad_data;limit must be a number",
                "query_exemplars;query=up|start=2|end=1;400;bad_data;end timestamp must not be"
                        + " before start timestamp",
            })
    void answersErrorsAsPrometheus(
            String call, String parameters, int status, String type, String error) {
        String[] pairs =
                parameters == null
                        ? new String[0]
                        : Arrays.stream(parameters.split("\\|", -1))
                                .flatMap(pair -> Arrays.stream(pair.split("=", 2)))
                                .toArray(String[]::new);
        Response response = get("/api/v1/" + call, pairs);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.jsonPath().getMap(""))
                .isEqualTo(Map.of("status", "error", "errorType", type, "error", error));
    }

    @Test
    void timesOut() {
        Response response = get("/api/v1/query", "query", "up", "time", T0, "timeout", "0");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.jsonPath().getString("errorType")).isEqualTo("timeout");
    }

    @Test
    void answersSeries() {
        Response response = get("/api/v1/series", "match[]", "up", "match[]", "odd");
        assertThat(response.jsonPath().getList("data", Map.class))
                .extracting(labels -> labels.get("__name__"))
                .as(response.asString())
                .containsExactly("odd", "up");
        assertThat(
                        get("/api/v1/series", "match[]", "up", "start", "1", "end", "2")
                                .jsonPath()
                                .getList("data"))
                .isEmpty();
    }

    @Test
    void answersLabels() {
        assertThat(data("/api/v1/labels"))
                .containsExactly(
                        "__name__", "code", "host", "http.status", "instance", "job", "le", "note");
        assertThat(data("/api/v1/labels", "match[]", "up"))
                .containsExactly("__name__", "host", "instance", "job");
        assertThat(data("/api/v1/labels", "limit", "2")).containsExactly("__name__", "code");
        assertThat(given().formParam("match[]", "up").post("/api/v1/labels").statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersValuesOfALabel() {
        assertThat(data("/api/v1/label/job/values")).containsExactly("demo", "node");
        assertThat(data("/api/v1/label/job/values", "match[]", "up")).containsExactly("node");
        assertThat(data("/api/v1/label/nix/values")).isEmpty();
        assertThat(data("/api/v1/label/U__http_2e_status/values")).containsExactly("418");
        assertThat(data("/api/v1/label/http.status/values")).containsExactly("418");
    }

    @Test
    void answersMetadata() {
        Response response = get("/api/v1/metadata");
        assertThat(response.jsonPath().getMap("data"))
                .containsOnlyKeys("http_requests_total", "latency_seconds");
        assertThat(response.jsonPath().getList("data.latency_seconds"))
                .containsExactly(
                        Map.of(
                                "type",
                                "histogram",
                                "unit",
                                "seconds",
                                "help",
                                "Time of requests."));
        assertThat(get("/api/v1/metadata", "metric", "latency_seconds").jsonPath().getMap("data"))
                .containsOnlyKeys("latency_seconds");
        assertThat(get("/api/v1/metadata", "limit", "1").jsonPath().getMap("data")).hasSize(1);
    }

    @Test
    void namesTheAgentThatIsMissing() {
        Response during = get("/api/v1/query", "query", "up", "time", T0);
        assertThat(during.jsonPath().getList("warnings", String.class))
                .singleElement()
                .asString()
                .startsWith("agent a3 of cell c1 is missing (down, since 2026-01-01T00:30:00Z)");
        assertThat(Double.parseDouble(during.header("X-Muster-Completeness")))
                .isBetween(0.49, 0.51);
        assertThat(during.jsonPath().getDouble("completeness")).isBetween(0.49, 0.51);
        Response after = get("/api/v1/query", "query", "up", "time", "1767229100");
        assertThat(after.jsonPath().getList("warnings")).isNull();
        assertThat(after.header("X-Muster-Completeness")).isEqualTo("1");
        assertThat(get("/api/v1/labels", "start", T0, "end", T0).header("X-Muster-Completeness"))
                .startsWith("0.5");
    }

    @Test
    void tellsTheFleet() {
        Response fleet = get("/api/v1/fleet");
        assertThat(fleet.jsonPath().getString("cells[0].cell")).isEqualTo("c1");
        assertThat(fleet.jsonPath().getList("cells[0].observers")).containsExactly("a1");
        assertThat(fleet.jsonPath().getMap("cells[0].members[1]"))
                .containsEntry("host", "a3")
                .containsEntry("state", "down")
                .containsEntry("cause", "AGENT_DOWN")
                .containsEntry("reason", "down")
                .containsEntry("sinceMs", 1_767_227_400_000L);
        assertThat(fleet.jsonPath().getList("cells[0].services.host"))
                .containsExactly("a1", "a1", "a3");
        assertThat(fleet.jsonPath().getMap("cells[0].services.find { it.job == 'demo' }"))
                .containsEntry("up", false)
                .containsEntry("reason", "connection refused");
        assertThat(fleet.jsonPath().getInt("cells[0].ageMs")).isBetween(0, 5_000);
    }

    @Test
    void tellsItsState() {
        Response status = get("/api/v1/status/muster");
        assertThat(status.jsonPath().getMap(""))
                .containsEntry("agents", 2)
                .containsEntry("agentsUp", 1)
                .containsEntry("targets", 3)
                .containsEntry("targetsUp", 1)
                .containsEntry("blocks", 0)
                .containsEntry("series", 7);
        assertThat(status.jsonPath().getDouble("samplesPerSecond")).isEqualTo(3.5);
        assertThat(status.jsonPath().getList("followed.connected")).containsExactly(true);
    }

    @Test
    void asksTheAgentWhy() {
        Response told = get("/api/v1/why", "host", "a1", "target", "a1:9660");
        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(told.jsonPath().getString("data.verdict")).isEqualTo("CANNOT_CONNECT");
        Response found = get("/api/v1/why", "target", "a1:9660");
        assertThat(found.jsonPath().getString("data.verdict")).isEqualTo("CANNOT_CONNECT");
        Response nobody = get("/api/v1/why", "target", "x:1");
        assertThat(nobody.statusCode()).isEqualTo(400);
        assertThat(nobody.jsonPath().getString("error"))
                .startsWith("invalid parameter \"host\": must be given: known=[a1");
        assertThat(get("/api/v1/why", "host", "nix").statusCode()).isEqualTo(400);
        Response away = get("/api/v1/why", "host", "a3");
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.jsonPath().getString("error"))
                .startsWith("agent host=a3 cannot be asked: ");
        Response page = get("/why", "host", "a1");
        assertThat(page.contentType()).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
    }

    @Test
    void tellsTargetsOfLiveAndLostAgents() {
        Response targets = get("/api/v1/targets");
        assertThat(targets.jsonPath().getList("data.activeTargets.health", String.class))
                .containsExactly("up", "down");
        assertThat(targets.jsonPath().getString("data.activeTargets[1].labels.host"))
                .isEqualTo("a3");
        assertThat(targets.jsonPath().getInt("data.droppedTargetCounts.node")).isEqualTo(2);
        assertThat(
                        get("/api/v1/targets", "scrapePool", "nix")
                                .jsonPath()
                                .getList("data.activeTargets"))
                .isEmpty();
        assertThat(get("/api/v1/scrape_pools").jsonPath().getList("data.scrapePools"))
                .containsExactly("demo", "node");
    }

    @Test
    void tellsEventsOfTheFleet() throws Exception {
        try (InputStream events = url("/api/v1/fleet/events").toURL().openStream();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
            assertThat(lines.readLine())
                    .startsWith("data: {\"coverage\":1,\"counts\":{\"hosts\":2,")
                    .contains("\"cells\":[{\"cell\":\"c1\"");
        }
        given().get("/api/v1/fleet/events?since=never").then().statusCode(400);
    }

    @Test
    void tellsThePartOfTheFleetThatIsAskedFor() {
        assertThat(get("/api/v1/fleet?state=down").jsonPath().getList("cells[0].members.host"))
                .containsExactly("a1", "a3");
        assertThat(get("/api/v1/fleet?state=down").jsonPath().getList("cells[0].services.instance"))
                .containsExactly("a1:9660", "a3:9100");
        assertThat(
                        get("/api/v1/fleet?cause=AGENT_DOWN")
                                .jsonPath()
                                .getList("cells[0].members.host"))
                .containsExactly("a3");
        assertThat(get("/api/v1/fleet?job=demo").jsonPath().getList("cells[0].services.instance"))
                .containsExactly("a1:9660");
        assertThat(get("/api/v1/fleet?match=A3:").jsonPath().getList("cells[0].members.host"))
                .containsExactly("a3");
        assertThat(get("/api/v1/fleet?host=a1").jsonPath().getList("cells[0].members.host"))
                .containsExactly("a1");
        assertThat(get("/api/v1/fleet?cell=other").jsonPath().getList("cells")).isEmpty();
        assertThat(get("/api/v1/fleet?zone=z9").jsonPath().getList("cells")).isEmpty();
        JsonPath first = get("/api/v1/fleet?limit=1").jsonPath();
        assertThat(first.getList("cells[0].members.host")).containsExactly("a1");
        assertThat(first.getString("next")).isEqualTo("c1/a1");
        JsonPath second = get("/api/v1/fleet?limit=1&after=c1/a1").jsonPath();
        assertThat(second.getList("cells[0].members.host")).containsExactly("a3");
        assertThat(second.getString("next")).isEmpty();
        JsonPath summary = get("/api/v1/fleet?summary=true").jsonPath();
        assertThat(summary.getList("cells[0].members")).isEmpty();
        assertThat(summary.getMap("counts"))
                .containsEntry("hosts", 2)
                .containsEntry("up", 1)
                .containsEntry("down", 1)
                .containsEntry("services", 3)
                .containsEntry("servicesUp", 1);
        assertThat(summary.getDouble("cells[0].coverage")).isEqualTo(1);
        assertThat(get("/api/v1/fleet/history?since=0").jsonPath().getList("events")).isNotNull();
    }

    @Test
    void tellsWhatAPrometheusTellsOfItself() {
        assertThat(get("/api/v1/status/buildinfo").jsonPath().getMap("data"))
                .containsOnlyKeys(
                        "version", "revision", "branch", "buildUser", "buildDate", "goVersion");
        assertThat(get("/api/v1/status/buildinfo").jsonPath().getString("data.version"))
                .startsWith("3.");
        assertThat(get("/api/v1/status/runtimeinfo").jsonPath().getMap("data"))
                .containsKeys("startTime", "CWD", "GOMAXPROCS", "storageRetention");
        assertThat(get("/api/v1/status/flags").jsonPath().getMap("data"))
                .containsEntry("query.timeout", "120s");
        assertThat(get("/api/v1/status/config").jsonPath().getString("data.yaml"))
                .contains("muster.query.timeout: \"120s\"\n");
        assertThat(body("/api/v1/rules"))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"groups\":[]}}");
        assertThat(body("/api/v1/alerts"))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"alerts\":[]}}");
        assertThat(body("/api/v1/alertmanagers"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"activeAlertmanagers\":[],"
                                + "\"droppedAlertmanagers\":[]}}");
        assertThat(body("/api/v1/format_query", "query", "sum(a)by(b)"))
                .isEqualTo("{\"status\":\"success\",\"data\":\"sum by (b) (a)\"}");
    }

    @Test
    void showsHowAQueryIsRead() {
        String query = "sum by (job) (rate(up{a!=\"b\"}[5m] offset 1m @ end())) > bool 2";
        given().queryParam("query", query)
                .get("/api/v1/parse_query")
                .then()
                .statusCode(200)
                .body("data.type", equalTo("binaryExpr"))
                .body("data.op", equalTo(">"))
                .body("data.bool", equalTo(true))
                .body("data.matching", nullValue())
                .body("data.rhs.val", equalTo("2"))
                .body("data.lhs.type", equalTo("aggregation"))
                .body("data.lhs.grouping", contains("job"))
                .body("data.lhs.expr.func.name", equalTo("rate"))
                .body("data.lhs.expr.func.argTypes", contains("matrix"))
                .body("data.lhs.expr.args[0].range", equalTo(300_000))
                .body("data.lhs.expr.args[0].offset", equalTo(60_000))
                .body("data.lhs.expr.args[0].startOrEnd", equalTo("end"))
                .body("data.lhs.expr.args[0].matchers.name", contains("a", "__name__"));
        given().queryParam("query", "sum(")
                .get("/api/v1/parse_query")
                .then()
                .statusCode(400)
                .body("errorType", equalTo("bad_data"));
    }

    @Test
    void findsExemplars() {
        String query = "rate(http_requests_total[1m]) / sum(latency_seconds_bucket{le=~\".*Inf\"})";
        Response answer = get("/api/v1/query_exemplars", "query", query);
        assertThat(answer.asString())
                .startsWith(
                        "{\"status\":\"success\",\"data\":["
                                + "{\"seriesLabels\":{\"__name__\":\"http_requests_total\","
                                + "\"code\":\"500\"},\"exemplars\":["
                                + "{\"labels\":{\"trace_id\":\"4bf92f3577b34da6\"},"
                                + "\"value\":\"1\",\"timestamp\":1767225601.479},"
                                + "{\"labels\":{},\"value\":\"0.25\","
                                + "\"timestamp\":1767225609}]},"
                                + "{\"seriesLabels\":{\"__name__\":\"latency_seconds_bucket\","
                                + "\"le\":\"+Inf\"},\"exemplars\":["
                                + "{\"labels\":{\"trace_id\":\"4bf92f3577b34da6\"},"
                                + "\"value\":\"+Inf\",\"timestamp\":1767225600}]}]");
        assertThat(
                        get(
                                        "/api/v1/query_exemplars",
                                        "query",
                                        "http_requests_total",
                                        "start",
                                        "1767225605",
                                        "end",
                                        "1767225609")
                                .jsonPath()
                                .getList("data[0].exemplars.value"))
                .containsExactly("0.25");
        assertThat(body("/api/v1/query_exemplars", "query", "up"))
                .startsWith("{\"status\":\"success\",\"data\":[]");
        assertThat(body("/api/v1/query_exemplars", "query", "1 + 1"))
                .isEqualTo("{\"status\":\"success\",\"data\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/-/healthy", "/-/ready"})
    void isHealthyAndReady(String path) {
        assertThat(get(path).statusCode()).isEqualTo(200);
        assertThat(given().head(path).statusCode()).isEqualTo(200);
    }

    @Test
    void allowsOtherOrigins() {
        Response response = given().header("Origin", "http://grafana").get("/api/v1/rules");
        assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(response.header("Access-Control-Allow-Methods")).isEqualTo("GET, POST, OPTIONS");
        assertThat(response.header("Access-Control-Allow-Headers"))
                .isEqualTo("Accept, Authorization, Content-Type, Origin");
        assertThat(response.header("Access-Control-Expose-Headers"))
                .isEqualTo("Date, X-Muster-Completeness");
        assertThat(given().header("Origin", "http://grafana").options("/api/v1/query").statusCode())
                .isEqualTo(204);
        assertThat(get("/api/v1/rules").header("Access-Control-Allow-Origin")).isNull();
    }

    @Test
    void zipsAnswers() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                url(
                                        "/api/v1/query_range?query=up&start=1767225600"
                                                + "&end=1767228600&step=1"))
                        .header("Accept-Encoding", "gzip")
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> response =
                    http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
            byte[] body = new GZIPInputStream(response.body()).readAllBytes();
            assertThat(
                            JsonPath.from(new String(body, StandardCharsets.UTF_8))
                                    .getList("data.result[0].values"))
                    .hasSize(3_001);
        }
    }

    @Test
    void packsAnswersWithZstandard() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(url("/api/v1/query?query=vector(1)"))
                        .header("Accept-Encoding", "zstd, gzip;q=0.5")
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> response =
                    http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.headers().firstValue("Content-Encoding")).contains("zstd");
            byte[] body = new ZstdInputStream(response.body()).readAllBytes();
            assertThat(JsonPath.from(new String(body, StandardCharsets.UTF_8)).getString("status"))
                    .isEqualTo("success");
        }
    }

    @Test
    void answersOptionsWithoutAnEncoding() {
        Response response =
                given().header("Accept-Encoding", "gzip").options("/api/v1/query_range");
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.header("Content-Encoding")).isNull();
    }

    @Test
    void tellsOfItsOwnMetrics() {
        String all = get("/api/v1/status/self_metrics").asString();
        assertThat(all).contains("\"name\":\"muster_query_gate_running\"");
        JsonPath found =
                get("/api/v1/status/self_metrics", "metric_name_pattern", "muster_query_gate_.*")
                        .jsonPath();
        assertThat(found.getList("data.name", String.class))
                .contains("muster_query_gate_running")
                .isSorted()
                .allMatch(name -> name.startsWith("muster_query_gate_"));
        assertThat(found.getList("data.metric[0].label.name.flatten()", String.class))
                .contains("class");
        assertThat(
                        get(
                                        "/api/v1/status/self_metrics",
                                        "metric_name_pattern",
                                        "jvm_threads_live.*")
                                .jsonPath()
                                .getDouble("data[0].metric[0].gauge.value"))
                .isPositive();
        assertThat(get("/api/v1/status/self_metrics", "metric_name_pattern", "(").statusCode())
                .isEqualTo(400);
    }

    @Test
    void saysWhereThereIsNothing() {
        assertThat(get("/api/v1/nix").statusCode()).isEqualTo(404);
        assertThat(given().delete("/api/v1/query").statusCode()).isEqualTo(405);
    }

    @Test
    void servesThePage() {
        assertThat(get("/").contentType()).startsWith("text/html");
        for (String file :
                List.of("/common.js", "/muster.js", "/alerts.js", "/muster.css", "/icon.svg")) {
            assertThat(get(file).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void countsWhatItDoes() {
        get("/api/v1/query", "query", "up", "time", T0);
        String metrics = get("/metrics").asString();
        assertThat(metrics)
                .contains("muster_query_call_duration_seconds_count{call=\"query\"")
                .contains("muster_query_fleet_frames_total")
                .contains("muster_query_gate_running{class=\"ad-hoc\"")
                .contains("jvm_memory_used_bytes")
                .contains("process_resident_memory_bytes")
                .contains("process_cpu_seconds_total");
    }

    private static URI url(String path) {
        return URI.create(RestAssured.baseURI + ":" + RestAssured.port + path);
    }

    private static Response get(String path, String... parameters) {
        RequestSpecification request = given();
        for (int i = 0; i < parameters.length; i += 2) {
            request.queryParam(parameters[i], parameters[i + 1]);
        }
        return request.get(path);
    }

    private static String body(String path, String... parameters) {
        Response response = get(path, parameters);
        String body = response.asString();
        // what is missing from the answer is looked at by a test of its own
        return body.replaceFirst(
                ",\"warnings\":\\[\"agent a3 [^]]*](,\"completeness\":[0-9.]+)?", "");
    }

    private static List<String> data(String path, String... parameters) {
        return get(path, parameters).jsonPath().getList("data", String.class);
    }
}
