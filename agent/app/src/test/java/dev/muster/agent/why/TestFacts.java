package dev.muster.agent.why;

import dev.muster.agent.scrape.FetchReport;
import dev.muster.agent.scrape.ScrapeProgress;
import dev.muster.agent.scrape.ServiceHold;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.append.AccountQuestion;
import dev.muster.agent.scrape.append.ScrapeFault;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.discovery.Discoveries;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.fetch.FetchFault;
import dev.muster.agent.scrape.fetch.HttpExchange;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.file.ScrapeFile;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.agent.takeover.TakenView;
import dev.muster.agent.upload.Shipment;
import dev.muster.agent.upness.TakenSpans;
import dev.muster.federation.view.CellView;
import dev.muster.model.series.SeriesSource;
import dev.muster.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Facts of an agent that reads a real configuration file and whose scrapes are told by the test.
final class TestFacts implements AgentFacts {
    static final long NOW_MS = 1_800_000_000_000L;

    private final List<ScrapeJob> jobs;
    private final Discoveries discoveries;
    private final TargetSet found;
    private final Map<String, TargetStatus> statuses = new HashMap<>();
    final Map<DiscoveryConfig, DiscoveryState> states = new HashMap<>();
    final List<Budget> budgets = new ArrayList<>();
    final List<Shipment> shipments = new ArrayList<>();
    @Nullable TargetSet otherFound;
    BiFunction<String, AccountQuestion, Optional<SeriesAccount>> account =
            (_, _) -> Optional.empty();
    SeriesSource series = SeriesSource.empty();
    final List<TakenView> taken = new ArrayList<>();
    final List<TakenSpans.Span> away = new ArrayList<>();
    String store = "";
    String uploadError = "";
    String fileError = "";
    String queryUrl = "";

    TestFacts(Path directory, String yaml) throws IOException, YamlException {
        Path file = directory.resolve("prom.yml");
        Files.writeString(file, yaml);
        ScrapeTiming timing = new ScrapeTiming(Duration.ofSeconds(1), Duration.ofSeconds(1));
        jobs = ScrapeFile.read(file, new ScrapeDefaults(timing, ScrapeLimits.NONE)).jobs();
        discoveries =
                new Discoveries(
                        DiscoveryBench.context(
                                () -> Instant.ofEpochMilli(NOW_MS), (_, _) -> () -> {}, () -> {}));
        discoveries.serve(jobs);
        found = TargetSet.of(jobs, discoveries);
    }

    /// The only target of that instance.
    Target target(String instance) {
        return found.active().values().stream()
                .filter(target -> target.instance().equals(instance))
                .findFirst()
                .orElseThrow();
    }

    void waiting(String instance) {
        put(
                new TargetStatus(
                        target(instance),
                        Optional.empty(),
                        FetchReport.NONE,
                        NOW_MS,
                        0,
                        ServiceHold.NONE));
    }

    void up(String instance, int scraped, int kept) {
        up(instance, NOW_MS - 500, scraped, kept, 0, "");
    }

    void up(String instance, long tickMs, int scraped, int kept, int folded, String storeError) {
        ScrapeOutcome outcome =
                new ScrapeOutcome(
                        tickMs,
                        Optional.empty(),
                        storeError,
                        1_000,
                        scraped,
                        kept,
                        folded,
                        0,
                        2_000_000);
        put(
                new TargetStatus(
                        target(instance),
                        Optional.of(outcome),
                        new FetchReport(
                                Optional.empty(), Optional.of(http(200)), "prometheus text", ""),
                        NOW_MS - 60_000,
                        kept,
                        ServiceHold.NONE));
    }

    void down(String instance, ScrapeFault fault, Optional<FetchFault> fetch, int status) {
        ScrapeOutcome outcome =
                new ScrapeOutcome(NOW_MS - 500, Optional.of(fault), "", 0, 0, 0, 0, 0, 2_000_000);
        put(
                new TargetStatus(
                        target(instance),
                        Optional.of(outcome),
                        new FetchReport(fetch, Optional.of(http(status)), "", ""),
                        NOW_MS - 60_000,
                        0,
                        ServiceHold.NONE));
    }

    private static HttpExchange http(int status) {
        return new HttpExchange(
                status, "text/plain", "", "HTTP/1.1", 1_000, 0, "http://x/metrics", "x:1", 1, 2, 3);
    }

    private void put(TargetStatus status) {
        statuses.put(status.target().key(), status);
    }

    @Override
    public String host() {
        return "h";
    }

    @Override
    public String cell() {
        return "c";
    }

    @Override
    public long nowMs() {
        return NOW_MS;
    }

    @Override
    public List<ScrapeJob> jobs() {
        return jobs;
    }

    @Override
    public DiscoveryState state(DiscoveryConfig discovery) {
        return states.getOrDefault(discovery, discoveries.state(discovery));
    }

    @Override
    public TargetSet found() {
        TargetSet other = otherFound;
        return other == null ? found : other;
    }

    @Override
    public List<TargetStatus> targets() {
        return List.copyOf(statuses.values());
    }

    @Override
    public Optional<ScrapeProgress> progress(String key) {
        return Optional.of(new ScrapeProgress(NOW_MS + 500, 20, List.of(), List.of()));
    }

    @Override
    public Optional<SeriesAccount> account(String key, AccountQuestion question) {
        return account.apply(key, question);
    }

    @Override
    public SeriesSource series() {
        return series;
    }

    @Override
    public HeadFacts head() {
        return new HeadFacts(3, 4_096, 77, true, 8_192, 10, 1_000, 7_200_000, NOW_MS - 3_600_000);
    }

    @Override
    public List<Budget> budgets() {
        return budgets;
    }

    @Override
    public ShipmentFacts shipping() {
        return new ShipmentFacts(store, shipments, uploadError, 600_000);
    }

    @Override
    public List<TakenView> taken() {
        return taken;
    }

    @Override
    public List<TakenSpans.Span> away(String job, String instance) {
        return away;
    }

    @Override
    public CellView cellView() {
        return new CellView("c", "h", 1, List.of(), false, 1, true, NOW_MS);
    }

    @Override
    public String fileError() {
        return fileError;
    }

    @Override
    public String queryUrl() {
        return queryUrl;
    }
}
