package dev.muster.agent.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.scrape.append.FaultKind;
import dev.muster.agent.scrape.append.FoldedMetric;
import dev.muster.agent.scrape.append.SampleFaultKind;
import dev.muster.agent.scrape.append.SampleFaults;
import dev.muster.agent.scrape.append.ScrapeFault;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.append.SeriesExample;
import dev.muster.agent.scrape.append.SeriesFate;
import dev.muster.agent.scrape.append.SeriesShare;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.fetch.FetchFault;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.RefusedAddress;
import dev.muster.agent.takeover.TakenView;
import dev.muster.agent.upness.TakenSpans;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.head.Head;
import dev.muster.head.HeadConfig;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleAppender;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every verdict, from facts told by the test.
class WhyTest {
    private static final String YAML =
            """
            scrape_configs:
            - job_name: web
              static_configs:
              - targets: ['127.0.0.1:8080']
                labels: {env: prod}
            - job_name: kept
              static_configs:
              - targets: ['10.0.0.1:9100', '10.0.0.2:9100']
                labels: {__meta_env: dev}
              relabel_configs:
              - {source_labels: [__address__], target_label: node}
              - {source_labels: [node], regex: '10.0.0.1:.*', action: drop}
              metric_relabel_configs:
              - {source_labels: [__name__], regex: 'go_.*', action: drop}
            - job_name: bad
              static_configs:
              - targets: ['10.0.0.3:99999']
            - job_name: crowded
              target_limit: 1
              static_configs:
              - targets: ['10.0.0.4:1', '10.0.0.5:1']
            """;

    @TempDir private Path directory;
    private TestFacts facts;
    private final List<String> asked = new ArrayList<>();
    private ProbeResult answer = answer(ProbeResult.Outcome.REFUSED, 0, "connection refused");

    @BeforeEach
    void readTheFile() throws Exception {
        facts = new TestFacts(directory, YAML);
        facts.up("127.0.0.1:8080", 5, 5);
        facts.up("10.0.0.2:9100", 5, 5);
    }

    @Test
    void tellsWhoLooksAfterATargetOfALostPeer() {
        ServiceState up = ServiceState.own("web", "10.9.9.9:80", true, "", 1);
        ServiceState silent =
                up.as(Health.UNKNOWN, Provenance.NONE, "unprobeable: loopback only", 1);
        facts.taken.add(
                new TakenView(
                        "lost-1",
                        TestFacts.NOW_MS - 30_000,
                        dev.muster.federation.detect.ProbeResult.ALIVE,
                        List.of(up),
                        0));
        facts.taken.add(
                new TakenView(
                        "lost-2",
                        TestFacts.NOW_MS - 30_000,
                        dev.muster.federation.detect.ProbeResult.SILENT,
                        List.of(
                                new ServiceState(
                                        "db",
                                        "10.9.9.8:1",
                                        silent.health(),
                                        silent.provenance(),
                                        silent.reason(),
                                        1)),
                        2));
        Why why = new Why(facts, (_, _) -> answer);
        Explanation found = why.explain(new Question.OfTarget("10.9.9.9:80", "", false));
        assertThat(found.verdict()).isEqualTo(Verdict.TAKEN_OVER);
        assertThat(found.sentence()).contains("target of host lost-1").endsWith("it is up.");
        Explanation lost = why.explain(new Question.OfTarget("db", "", false));
        assertThat(lost.verdict()).isEqualTo(Verdict.TAKEN_OVER_NOT_UP);
        assertThat(lost.sentence()).contains("unknown: unprobeable");
        assertThat(why.overview().problems())
                .anyMatch(text -> text.contains("host lost-1 is away") && text.contains("1 up"))
                .anyMatch(text -> text.contains("2 more, which no peer knows"));
    }

    @Test
    void tellsWhoLookedAfterATargetWhileItsAgentWasAway() {
        facts.away.add(
                new TakenSpans.Span(
                        TestFacts.NOW_MS - 90_000, TestFacts.NOW_MS - 60_000, List.of("p1", "p2")));
        Explanation found =
                new Why(facts, (_, _) -> answer)
                        .explain(new Question.OfTarget("127.0.0.1:8080", "", false));
        assertThat(found.steps())
                .anyMatch(step ->
                        step instanceof Step.Relieved relieved
                                && relieved.text().contains("looked after by p1, p2")
                                && relieved.text().contains(" until "));
    }

    private static ProbeResult answer(ProbeResult.Outcome outcome, int samples, String error) {
        return new ProbeResult(
                outcome,
                "http://127.0.0.1:8081/metrics",
                200,
                "text/plain",
                "prometheus text",
                samples,
                100,
                error,
                "",
                1_000_000);
    }

    private Explanation explain(Question question) {
        Probe probe =
                (host, port) -> {
                    asked.add(host + ":" + port);
                    return answer;
                };
        return new Why(facts, probe).explain(question);
    }

    private Explanation target(String text) {
        return explain(new Question.OfTarget(text, "", false));
    }

    private Explanation series(String selector) {
        return explain(new Question.OfSeries(Selector.parse(selector)));
    }

    private static <T extends Step> T step(Explanation explanation, Class<T> kind) {
        return explanation.steps().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTargetThatIsWellIsFollowedFromDiscoveryToBlock() {
        facts.store = "file:///store";
        facts.queryUrl = "http://q";
        Explanation all = target("127.0.0.1:8080");
        assertThat(all.verdict()).isEqualTo(Verdict.OK);
        assertThat(all.sentence())
                .contains("was scraped 500 ms ago")
                .contains("5 samples are stored");
        assertThat(step(all, Step.Discovered.class).text())
                .contains("static discovery of job web")
                .contains("prom.yml:4");
        assertThat(step(all, Step.Scheduled.class).nextTickMs()).isEqualTo(TestFacts.NOW_MS + 500);
        assertThat(step(all, Step.Stored.class).head().walSequence()).isEqualTo(77);
        assertThat(step(all, Step.Shipped.class).key())
                .startsWith("v1/series/level=L0/")
                .contains("cell=c/h-");
        assertThat(step(all, Step.Linked.class).url()).startsWith("http://q/#q=%7Bcell%3D%22c%22");
        assertThat(step(all, Step.Limited.class).text()).isEqualTo("No limit is near.");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080",
        "http://127.0.0.1:8080/metrics",
        "web",
        "prod",
        "127.0.0.1",
        "8080"
    })
    void aTargetIsFoundByItsNames(String name) {
        assertThat(target(name).subject()).isEqualTo("http://127.0.0.1:8080/metrics");
    }

    @Test
    void aPortIsEnough() {
        assertThat(explain(new Question.OfPort(8080, false)).verdict()).isEqualTo(Verdict.OK);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, 0, CANNOT_CONNECT, Start the service",
        "HOST_NOT_FOUND, 0, HOST_NOT_FOUND, Correct the name",
        "TLS, 0, TLS_FAILED, tls_config",
        "PROXY, 0, PROXY_REFUSED, proxy_url",
        "CREDENTIALS, 0, CREDENTIALS_UNREADABLE, readable",
        "STATUS, 401, NOT_AUTHORIZED, credentials",
        "STATUS, 404, HTTP_STATUS, metrics_path",
        "REDIRECT, 302, REDIRECTED, redirect",
        "TIMEOUT, 0, TIMED_OUT, scrape_timeout (now 1s) of job web",
        "CLOSED, 0, CONNECTION_CLOSED, log",
        "PROTOCOL, 0, NOT_HTTP, scheme",
        "ENCODING, 200, ENCODING_DAMAGED, Content-Encoding",
        "CONTENT_TYPE, 200, CONTENT_TYPE_UNKNOWN, fallback_scrape_protocol",
        "BODY_SIZE, 200, BODY_TOO_LARGE, body_size_limit",
        "BODY_MEMORY, 200, BODY_TOO_LARGE, body_size_limit",
        "HOST_EXPORTER, 0, SCRAPE_FAILED, reason",
        "STOPPING, 0, SCRAPE_FAILED, reason",
        "OTHER, 0, SCRAPE_FAILED, reason",
    })
    void everyFetchThatFailsHasAVerdict(
            FetchFault fault, int status, Verdict verdict, String next) {
        ScrapeFault said = ScrapeFault.of(FaultKind.FETCH, "what went wrong");
        facts.down("127.0.0.1:8080", said, Optional.of(fault), status);
        Explanation down = target("127.0.0.1:8080");
        assertThat(down.verdict()).isEqualTo(verdict);
        assertThat(down.sentence()).contains("what went wrong");
        assertThat(down.next()).contains(next);
        assertThat(step(down, Step.Scraped.class).mark()).isEqualTo(Mark.BAD);
    }

    @ParameterizedTest
    @CsvSource({
        "BODY_LIMIT, BODY_TOO_LARGE",
        "ENCODING, ENCODING_DAMAGED",
        "SAMPLE_LIMIT, SAMPLE_LIMIT",
        "LABEL_LIMIT, LABEL_LIMIT",
        "BUCKET_LIMIT, LABEL_LIMIT",
        "NO_NAME, SCRAPE_FAILED",
        "REMOVED, SCRAPE_FAILED",
    })
    void everyBodyThatIsRefusedHasAVerdict(FaultKind kind, Verdict verdict) {
        facts.down("127.0.0.1:8080", ScrapeFault.of(kind, "why"), Optional.empty(), 200);
        assertThat(target("127.0.0.1:8080").verdict()).isEqualTo(verdict);
    }

    @Test
    void aParseErrorShowsItsPlaceAndHint() {
        ScrapeFault fault =
                new ScrapeFault(
                        FaultKind.PARSE,
                        "parse error: line=2 column=5: no",
                        2,
                        5,
                        "b{x",
                        "close the quote");
        facts.down("127.0.0.1:8080", fault, Optional.empty(), 200);
        Explanation broken = target("127.0.0.1:8080");
        assertThat(broken.verdict()).isEqualTo(Verdict.PARSE_ERROR);
        assertThat(broken.sentence()).contains("line=2 column=5");
        assertThat(broken.next()).isEqualTo("Mend the exposition: close the quote.");
        assertThat(step(broken, Step.Scraped.class).outcome().fault().orElseThrow().excerpt())
                .isEqualTo("b{x");
    }

    @Test
    void whatComesAfterAGoodFetchHasVerdicts() {
        String instance = "127.0.0.1:8080";
        facts.waiting(instance);
        assertThat(target(instance).verdict()).isEqualTo(Verdict.NOT_SCRAPED_YET);
        facts.up(instance, TestFacts.NOW_MS - 60_000, 5, 5, 0, "");
        assertThat(target(instance).verdict()).isEqualTo(Verdict.SCRAPES_OVERDUE);
        facts.up(instance, TestFacts.NOW_MS - 500, 5, 5, 0, "disk is full");
        assertThat(target(instance).verdict()).isEqualTo(Verdict.NOT_STORED);
        facts.up(instance, 0, 0);
        assertThat(target(instance).verdict()).isEqualTo(Verdict.NO_SAMPLES);
        facts.up(instance, 5, 0);
        assertThat(target(instance).verdict()).isEqualTo(Verdict.ALL_SERIES_DROPPED);
    }

    private void account(
            List<SeriesShare> shares, List<FoldedMetric> folded, List<SampleFaults> faults) {
        facts.account =
                (_, _) ->
                        Optional.of(
                                new SeriesAccount(
                                        TestFacts.NOW_MS - 500,
                                        shares,
                                        folded,
                                        faults,
                                        Optional.empty()));
    }

    private static SeriesShare share(
            SeriesFate fate, int rule, Labels exposed, Optional<Labels> stored) {
        return new SeriesShare(fate, rule, 1, List.of(new SeriesExample(exposed, stored)));
    }

    private static FoldedMetric folded() {
        return new FoldedMetric(
                Labels.of("job", "web"),
                "hits",
                900,
                9_000,
                1,
                2,
                "user",
                10_000,
                List.of(Labels.of(Labels.METRIC, "hits", "user", "u1")));
    }

    @Test
    void losslessIsNotTheSameAsUp() {
        Labels hits = Labels.of(Labels.METRIC, "hits");
        account(List.of(), List.of(folded()), List.of());
        facts.up("127.0.0.1:8080", TestFacts.NOW_MS - 500, 5, 5, 900, "");
        Explanation folding = target("127.0.0.1:8080");
        assertThat(folding.verdict()).isEqualTo(Verdict.SERIES_FOLDED);
        assertThat(folding.sentence()).contains("metric hits, label user with about 10000 values");

        facts.up("127.0.0.1:8080", 5, 5);
        account(
                List.of(share(SeriesFate.OVER_SERIES_LIMIT, -1, hits, Optional.empty())),
                List.of(),
                List.of());
        assertThat(target("127.0.0.1:8080").verdict()).isEqualTo(Verdict.OVER_SERIES_LIMIT);

        account(
                List.of(),
                List.of(),
                List.of(new SampleFaults(SampleFaultKind.TOO_OLD, 3, TestFacts.NOW_MS, List.of())));
        Explanation refusing = target("127.0.0.1:8080");
        assertThat(refusing.verdict()).isEqualTo(Verdict.SAMPLES_REFUSED);
        assertThat(refusing.sentence()).contains("3 as too_old");
    }

    @Test
    void aDroppedAddressShowsTheRule() {
        Explanation dropped = target("10.0.0.1:9100");
        assertThat(dropped.verdict()).isEqualTo(Verdict.DROPPED_BY_RELABELLING);
        assertThat(dropped.sentence())
                .contains("relabel rule 2 (")
                .contains("prom.yml:12)")
                .contains("node is \"10.0.0.1:9100\", and it drops what matches 10.0.0.1:.*");
        Step.Relabelled relabelled = step(dropped, Step.Relabelled.class);
        assertThat(relabelled.trace().steps()).hasSize(2);
        assertThat(relabelled.trace().steps().getFirst().changes().getFirst().name())
                .isEqualTo("node");
    }

    @Test
    void whatCannotBeATargetSaysWhy() {
        Explanation refused = target("10.0.0.3:99999");
        assertThat(refused.verdict()).isEqualTo(Verdict.ADDRESS_REFUSED);
        assertThat(refused.sentence()).contains("port");
        Explanation crowded = target("10.0.0.5:1");
        assertThat(crowded.verdict()).isEqualTo(Verdict.OVER_TARGET_LIMIT);
        assertThat(crowded.sentence()).contains("target_limit=1, found=2");
    }

    @Test
    void severalTargetsAreListed() {
        Explanation several = target("10.0.0");
        assertThat(several.verdict()).isEqualTo(Verdict.OK);
        facts.up("127.0.0.1:8080", 5, 5);
        several = target("0.0");
        assertThat(several.verdict()).isEqualTo(Verdict.SEVERAL_TARGETS);
        assertThat(several.others())
                .extracting(TargetLine::verdict)
                .contains(
                        Verdict.OK,
                        Verdict.DROPPED_BY_RELABELLING,
                        Verdict.ADDRESS_REFUSED,
                        Verdict.OVER_TARGET_LIMIT);
    }

    @Test
    void whatNobodyKnowsHasNearNames() {
        Explanation unknown = target("10.0.0.2:9101");
        assertThat(unknown.verdict()).isEqualTo(Verdict.NOT_DISCOVERED);
        assertThat(unknown.next()).contains("did you mean 10.0.0.2:9100?");
        Step.Searched searched = step(unknown, Step.Searched.class);
        assertThat(searched.discoveries()).hasSize(4);
        assertThat(searched.discoveries().get(1).found()).isEqualTo(2);
        assertThat(searched.discoveries().get(1).scraped()).isEqualTo(1);
        facts.fileError = "prom.yml:3: wrong";
        assertThat(target("10.0.0.2:9101").sentence()).contains("prom.yml:3: wrong");
    }

    @Test
    void aFailingDiscoveryIsNamedFirst() {
        var config = facts.jobs().getFirst().discoveries().getFirst();
        facts.states.put(config, new DiscoveryState(List.of(), 1, "no route"));
        Explanation failing = target("10.9.9.9:1");
        assertThat(failing.verdict()).isEqualTo(Verdict.DISCOVERY_FAILING);
        assertThat(failing.sentence()).contains("no route");
    }

    @Test
    void aPolicyIsQuoted() {
        var config = facts.jobs().getFirst().discoveries().getFirst();
        RefusedAddress refused =
                new RefusedAddress(
                        "127.0.0.1:8081",
                        Labels.of("__address__", "127.0.0.1:8081"),
                        "port 8081 listens, but policy refuses it: deny[0] comm=x");
        facts.states.put(config, new DiscoveryState(List.of(), 1, "", List.of(refused)));
        Explanation explained = explain(new Question.OfPort(8081, false));
        assertThat(explained.verdict()).isEqualTo(Verdict.POLICY_REFUSES);
        assertThat(explained.sentence()).contains("policy refuses it: deny[0] comm=x");
    }

    @Test
    void aPortIsAskedOnlyWhenToldTo() {
        Explanation quiet = explain(new Question.OfPort(8081, false));
        assertThat(quiet.verdict()).isEqualTo(Verdict.NOT_DISCOVERED);
        assertThat(quiet.next()).contains("probe=true");
        assertThat(asked).isEmpty();
        assertThat(explain(new Question.OfTarget("10.1.1.1:8081", "", true)).verdict())
                .isEqualTo(Verdict.NOT_DISCOVERED);
        assertThat(asked).as("only loopback").isEmpty();

        assertThat(explain(new Question.OfPort(8081, true)).verdict())
                .isEqualTo(Verdict.NOBODY_LISTENS);
        answer = answer(ProbeResult.Outcome.METRICS, 214, "");
        Explanation unnamed = explain(new Question.OfTarget("localhost:8081", "", true));
        assertThat(unnamed.verdict()).isEqualTo(Verdict.ANSWERS_BUT_NOT_NAMED);
        assertThat(unnamed.sentence())
                .contains("answers with 214 samples of prometheus text, but no job names it");
        assertThat(unnamed.next())
                .contains("job_name: port-8081")
                .contains("targets: ['127.0.0.1:8081']");
        answer = answer(ProbeResult.Outcome.STATUS, 0, "http status=404");
        assertThat(explain(new Question.OfPort(8081, true)).verdict())
                .isEqualTo(Verdict.NO_METRICS_THERE);
        assertThat(asked).containsExactly("127.0.0.1:8081", "localhost:8081", "127.0.0.1:8081");
    }

    private void store(Head head, String origin, long atMs, double value, Labels... series)
            throws Exception {
        try (SampleAppender out = head.appender(origin)) {
            out.begin(atMs);
            for (Labels labels : series) {
                out.append(out.series(labels, MetricMetadata.NONE), value);
            }
            out.commit();
        }
    }

    @Test
    void aSeriesIsFoundInTheHead() throws Exception {
        Labels up = Labels.of(Labels.METRIC, "up", "job", "web", "instance", "127.0.0.1:8080");
        Labels old = Labels.of(Labels.METRIC, "old", "job", "web", "instance", "127.0.0.1:8080");
        Labels renamed =
                Labels.of(
                        Labels.METRIC,
                        "jobs",
                        "job",
                        "web",
                        "exported_job",
                        "cron",
                        "instance",
                        "127.0.0.1:8080");
        try (Head head =
                Head.open(HeadConfig.in(directory), () -> Instant.ofEpochMilli(TestFacts.NOW_MS))) {
            facts.series = head;
            store(head, "a", TestFacts.NOW_MS - 1_000, 1, up, renamed);
            store(head, "b", TestFacts.NOW_MS - 2_000, Staleness.STALE, old);

            Explanation stored = series("up{job=\"web\"}");
            assertThat(stored.verdict()).isEqualTo(Verdict.SERIES_STORED);
            assertThat(stored.sentence())
                    .contains("1.0 s ago".replace(".0", ""))
                    .contains("is 1.0");
            assertThat(step(stored, Step.Sampled.class).total()).isEqualTo(1);

            assertThat(series("old").verdict()).isEqualTo(Verdict.SERIES_ENDED);
            facts.down(
                    "127.0.0.1:8080",
                    ScrapeFault.of(FaultKind.FETCH, "refused"),
                    Optional.of(FetchFault.REFUSED),
                    0);
            Explanation down = series("old");
            assertThat(down.verdict()).isEqualTo(Verdict.SERIES_TARGET_DOWN);
            assertThat(down.sentence()).contains("marked as ended 2 s ago").contains("refused");

            Explanation differ = series("up{job=\"wob\"}");
            assertThat(differ.verdict()).isEqualTo(Verdict.LABELS_DIFFER);
            assertThat(differ.sentence()).contains("job=\"wob\" (there is \"web\")");

            Explanation exported = series("jobs{job=\"cron\"}");
            assertThat(exported.verdict()).isEqualTo(Verdict.SERIES_RENAMED);
            assertThat(exported.next()).contains("exported_job").contains("honor_labels");

            Explanation unknown = series("upp");
            assertThat(unknown.verdict()).isEqualTo(Verdict.METRIC_UNKNOWN);
            assertThat(unknown.next()).isEqualTo("Did you mean up?");
            assertThat(unknown.sentence())
                    .contains("Targets that are down and might: 127.0.0.1:8080");
        }
    }

    @Test
    void aSeriesThatIsLostOnTheWayHasAVerdict() {
        Labels exposed = Labels.of(Labels.METRIC, "go_threads");
        String kept = facts.target("10.0.0.2:9100").key();
        facts.account =
                (key, _) ->
                        Optional.of(
                                key.equals(kept)
                                        ? new SeriesAccount(
                                                1,
                                                List.of(
                                                        share(
                                                                SeriesFate.DROPPED,
                                                                0,
                                                                exposed,
                                                                Optional.empty())),
                                                List.of(),
                                                List.of(),
                                                Optional.empty())
                                        : SeriesAccount.EMPTY);
        Explanation dropped = series("go_threads");
        assertThat(dropped.verdict()).isEqualTo(Verdict.SERIES_DROPPED);
        assertThat(dropped.sentence())
                .contains("job=\"kept\"")
                .contains("rule 1 (")
                .contains("prom.yml:14)")
                .contains("__name__ is \"go_threads\", and it drops what matches go_.*");
        assertThat(step(dropped, Step.Exposed.class).series()).hasSize(1);

        account(List.of(), List.of(folded()), List.of());
        assertThat(series("hits{user=\"u7\"}").verdict()).isEqualTo(Verdict.SERIES_FOLDED);
        account(
                List.of(share(SeriesFate.OVER_SERIES_LIMIT, -1, exposed, Optional.empty())),
                List.of(),
                List.of());
        assertThat(series("go_threads").verdict()).isEqualTo(Verdict.OVER_SERIES_LIMIT);
        account(
                List.of(
                        share(
                                SeriesFate.KEPT,
                                -1,
                                exposed,
                                Optional.of(Labels.of(Labels.METRIC, "threads")))),
                List.of(),
                List.of());
        Explanation renamed = series("go_threads");
        assertThat(renamed.verdict()).isEqualTo(Verdict.SERIES_RENAMED);
        assertThat(renamed.sentence()).contains("it is stored as threads");
    }

    @Test
    void theOverviewBeginsWithWhatIsWrong() {
        facts.down(
                "127.0.0.1:8080",
                ScrapeFault.of(FaultKind.FETCH, "x"),
                Optional.of(FetchFault.REFUSED),
                0);
        facts.uploadError = "store is away";
        facts.budgets.add(new AgentFacts.Budget("muster.scrape.memory-budget", 2, 2));
        Overview overview = new Why(facts, (_, _) -> answer).overview();
        assertThat(overview.targets())
                .extracting(line -> line.verdict().mark())
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(overview.targets())
                .extracting(TargetLine::verdict)
                .contains(Verdict.CANNOT_CONNECT, Verdict.OK);
        assertThat(overview.discoveries()).hasSize(4);
        assertThat(overview.problems())
                .containsExactly(
                        "Blocks are not shipped: store is away",
                        "The budget muster.scrape.memory-budget is used up.");
    }

    @Test
    void limitsThatAreNearAreNamed() {
        facts.budgets.add(new AgentFacts.Budget("muster.scrape.memory-budget", 90, 100));
        Step.Limited limited = step(target("127.0.0.1:8080"), Step.Limited.class);
        assertThat(limited.text()).isEqualTo("Near or passed: muster.scrape.memory-budget.");
        assertThat(limited.mark()).isEqualTo(Mark.WAITING);
    }

    @Test
    void aTargetThatIsNotThereYetIsNoTarget() {
        facts.otherFound = new TargetSet(Map.of(), List.of(), List.of());
        assertThat(target("10.0.0.1:9100").verdict()).isEqualTo(Verdict.DROPPED_BY_RELABELLING);
    }

    @Test
    void everythingAtAGlanceIsNoQuestionAboutOneThing() {
        assertThatThrownBy(() -> explain(new Question.OfAll()))
                .hasMessage("question must be about one thing");
    }
}
