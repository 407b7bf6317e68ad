package dev.muster.agent.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// `/why` of a running agent.
@Isolated // Quarkus sets what the whole JVM sees
@QuarkusTest
@QuarkusTestResource(TestAgent.class)
class WhyRouteTest {
    private static final int SERVICE = port(TestAgent.SERVICE_PORT);
    private static final int UNNAMED = port(TestAgent.UNNAMED_PORT);

    private static int port(String key) {
        return ConfigProvider.getConfig().getValue(key, Integer.class);
    }

    @BeforeEach
    void waitUntilTargetsAreScraped() {
        await().until(() -> given().get("/-/ready").statusCode() == 200);
        for (String job : List.of("web", "broken", "several")) {
            await().until(() ->
                    given()
                            .get("/api/v1/targets?state=active&scrapePool=" + job)
                            .jsonPath()
                            .getList("data.activeTargets.health")
                            .stream()
                            .noneMatch("unknown"::equals));
        }
    }

    private static ValidatableResponse why(String parameter, Object value) {
        return given().queryParam(parameter, value).get("/why").then().statusCode(200);
    }

    private static ValidatableResponse target(String job) {
        return given().queryParam("target", "127.0.0.1:" + SERVICE)
                .queryParam("job", job)
                .get("/api/v1/why")
                .then()
                .statusCode(200);
    }

    @Test
    void followsATargetToItsBlock() {
        target("web")
                .body("status", equalTo("success"))
                .body("data.verdict", equalTo("OK"))
                .body("data.mark", equalTo("good"))
                .body(
                        "data.steps.step",
                        hasItems(
                                "discovered",
                                "relabelled",
                                "targeted",
                                "scheduled",
                                "scraped",
                                "remembered",
                                "accounted",
                                "limited",
                                "stored",
                                "shipped",
                                "reported",
                                "linked"))
                .body(
                        "data.steps.find { it.step == 'discovered' }.found.place",
                        containsString("scrape.yml:"))
                .body("data.steps.find { it.step == 'scraped' }.http.status", equalTo(200))
                .body("data.steps.find { it.step == 'scraped' }.http.wireBytes", greaterThan(10))
                .body("data.steps.find { it.step == 'scraped' }.outcome.samplesKept", equalTo(1))
                .body("data.steps.find { it.step == 'remembered' }.recent.size()", greaterThan(0))
                .body("data.steps.find { it.step == 'accounted' }.series[0].fate", equalTo("kept"))
                .body("data.steps.find { it.step == 'stored' }.walSequence", greaterThan(1))
                .body(
                        "data.steps.find { it.step == 'shipped' }.key",
                        startsWith("v1/series/level=L0/"))
                .body("data.steps.find { it.step == 'reported' }.members", equalTo(1));
    }

    @Test
    void saysWhereABodyIsWrong() {
        target("broken")
                .body("data.verdict", equalTo("PARSE_ERROR"))
                .body("data.sentence", containsString("line=2 column="))
                .body("data.steps.find { it.step == 'scraped' }.outcome.line", equalTo(2))
                .body(
                        "data.steps.find { it.step == 'scraped' }.outcome.excerpt",
                        equalTo("b{x=\"1} 2"));
    }

    @Test
    void saysWhichRuleDropsATarget() {
        why("target", "dropped.example:1")
                .body("data.verdict", equalTo("DROPPED_BY_RELABELLING"))
                .body("data.sentence", containsString("relabel rule 1 ("))
                .body("data.steps.find { it.step == 'relabelled' }.rules[0].kept", equalTo(false))
                .body(
                        "data.steps.find { it.step == 'relabelled' }.rules[0].place",
                        containsString("scrape.yml:"));
    }

    @Test
    void asksAPortThatNobodyNames() {
        why("port", UNNAMED).body("data.verdict", equalTo("NOT_DISCOVERED"));
        given().queryParam("port", UNNAMED)
                .queryParam("probe", true)
                .get("/why")
                .then()
                .body("data.verdict", equalTo("ANSWERS_BUT_NOT_NAMED"))
                .body("data.sentence", containsString("answers with 2 samples of prometheus text"))
                .body("data.next", containsString("targets: ['127.0.0.1:" + UNNAMED + "']"));
    }

    @Test
    void explainsSeries() {
        why("series", "requests{code=\"200\"}")
                .body("data.verdict", equalTo("SERIES_STORED"))
                .body("data.steps.find { it.step == 'sampled' }.series[0].value", equalTo("42.0"))
                .body("data.steps.find { it.step == 'exposed' }.series[0].fate", equalTo("kept"));
        why("series", "noisy")
                .body("data.verdict", equalTo("SERIES_DROPPED"))
                .body("data.sentence", containsString("rule 1 ("))
                .body(
                        "data.steps.find { it.step == 'exposed' }.series[0].fate",
                        equalTo("dropped"));
        why("series", "jobs{job=\"cron\"}")
                .body("data.verdict", equalTo("SERIES_RENAMED"))
                .body("data.sentence", containsString("exported_job"));
        why("series", "reqests")
                .body("data.verdict", equalTo("METRIC_UNKNOWN"))
                .body("data.next", equalTo("Did you mean requests?"));
    }

    @Test
    void showsAllAtAGlance() {
        given().get("/why")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("data.targets.verdict", hasItems("OK", "PARSE_ERROR", "CANNOT_CONNECT"))
                .body("data.targets[0].mark", equalTo("bad"))
                .body("data.discoveries.job", hasItems("web", "dropped", "broken"));
    }

    @Test
    void theRefusalOfAQuestionSaysWhatIsWrong() {
        given().get("/why?port=0")
                .then()
                .statusCode(400)
                .body("error", containsString("port must be 1 to 65535"));
        given().get("/why?port=x").then().statusCode(400);
        given().queryParam("series", "up{")
                .get("/why")
                .then()
                .statusCode(400)
                .body("error", containsString("column=4"));
        given().get("/why?port=1&target=x")
                .then()
                .statusCode(400)
                .body("error", containsString("only one of"));
        given().get("/why?port=1&probe=maybe").then().statusCode(400);
    }

    @Test
    void theirPageIsOneDocumentUnderAPolicy() {
        String policy =
                given().header("Accept", "text/html,*/*;q=0.8")
                        .get("/why?target=x")
                        .then()
                        .statusCode(200)
                        .contentType("text/html;charset=utf-8")
                        .header("X-Content-Type-Options", equalTo("nosniff"))
                        .body(not(containsString("innerHTML")))
                        .extract()
                        .header("Content-Security-Policy");
        assertThat(policy)
                .startsWith("default-src 'none'")
                .contains("script-src 'sha256-")
                .doesNotContain("unsafe");
        given().header("Accept", "text/html")
                .get("/why?format=json")
                .then()
                .contentType("application/json");
    }

    @Test
    void answersAsPrometheusDoes() {
        given().get("/api/v1/scrape_pools")
                .then()
                .body("data.scrapePools", hasItems("broken", "dropped", "node", "several", "web"));
        given().get("/api/v1/targets")
                .then()
                .body(
                        "data.keySet()",
                        equalTo(Set.of("activeTargets", "droppedTargets", "droppedTargetCounts")))
                .body("data.droppedTargets[0].scrapePool", equalTo("dropped"))
                .body(
                        "data.droppedTargets[0].discoveredLabels.__address__",
                        equalTo("dropped.example:1"))
                .body("data.droppedTargetCounts.dropped", equalTo(1))
                .body("data.droppedTargetCounts.web", equalTo(0));
        given().get("/api/v1/targets?state=Dropped&scrapePool=web")
                .then()
                .body("data.activeTargets.size()", equalTo(0))
                .body("data.droppedTargets.size()", equalTo(0));
        given().queryParam("match_target", "{job=\"several\"}")
                .get("/api/v1/targets/metadata")
                .then()
                .body("data.metric", hasItem("kept_total"))
                .body("data.find { it.metric == 'kept_total' }.type", equalTo("counter"))
                .body("data.find { it.metric == 'kept_total' }.help", equalTo("Kept."))
                .body("data.find { it.metric == 'kept_total' }.target.job", equalTo("several"));
        given().queryParam("scrapePool", "dropped")
                .queryParam("labels", "{\"__address__\":\"dropped.x\"}")
                .get("/api/v1/targets/relabel_steps")
                .then()
                .statusCode(200)
                .body("data.steps[0].keep", equalTo(false))
                .body("data.steps[0].rule.action", equalTo("drop"))
                .body("data.steps[0].rule.source_labels", hasItem("__address__"));
        given().queryParam("scrapePool", "dropped")
                .get("/api/v1/scrape_pools/config")
                .then()
                .statusCode(200)
                .body("data.yaml", startsWith("job_name: dropped\n"));
        given().queryParam("scrapePool", "nothing")
                .queryParam("labels", "{}")
                .get("/api/v1/targets/relabel_steps")
                .then()
                .statusCode(400)
                .body("error", endsWith("found=nothing"));
    }
}
